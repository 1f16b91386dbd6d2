using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.Commerce.Node.Serving;
using Microsoft.AspNetCore.Builder;

namespace Hanzo.Commerce.Node.Tests;

/// <summary>A real node on a free port, and a client that talks to it.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    private WebApplication _app = null!;

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        var options = new NodeOptions { Region = "us-east", Name = "us-east-1", Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        _app = NodeHost.Build(options, TimeProvider.System);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(NodeHost.AddressOf(_app)) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    internal static HttpRequestMessage Put(string id, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/products/{id}")
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    internal static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    /// <summary>The code of an error answer, after the checks that every one of them must pass.</summary>
    internal static async Task<string> ProblemCode(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = await Json(response);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(response.Headers.GetValues("Request-Id").Single(), problem.GetProperty("request_id").GetString());
        return problem.GetProperty("code").GetString()!;
    }
}
