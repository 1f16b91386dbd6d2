using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Serving;
using Microsoft.AspNetCore.Builder;

namespace Hanzo.Commerce.Node.Tests;

/// <summary>A real node on a free port, and a client that talks to it.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    private const string DevelopmentKey = "hk_dev_tests";

    private WebApplication _app = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>A client with the key of the merchant demo.</summary>
    public HttpClient Merchant { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        var options = new NodeOptions { Region = "us-east", Name = "us-east-1", Listen = new IPEndPoint(IPAddress.Loopback, 0), ApiKeys = ApiKeys.Development(DevelopmentKey), Gateways = GatewayRouting.Only(new FakeGateway(TimeProvider.System)) };
        _app = NodeHost.Build(options, TimeProvider.System);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(NodeHost.AddressOf(_app)) };
        Merchant = new HttpClient { BaseAddress = Client.BaseAddress, DefaultRequestHeaders = { { "Authorization", $"Bearer {DevelopmentKey}" } } };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        Merchant.Dispose();
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

    internal Task<HttpResponseMessage> Post(string path, string? body, string? key = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Idempotency-Key", key ?? $"{Guid.NewGuid()}" } },
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Merchant.SendAsync(request);
    }

    internal Task<HttpResponseMessage> PutStock(string sku, long onHand, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/inventory/{sku}")
        {
            Content = new StringContent($$"""{"on_hand":{{onHand}}}""", new MediaTypeHeaderValue("application/json")),
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Merchant.SendAsync(request);
    }

    internal async Task<JsonElement> Get(string path) => await Json(await Merchant.GetAsync(path));

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
