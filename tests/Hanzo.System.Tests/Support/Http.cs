using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hanzo.System.Tests.Support;

/// <summary>Requests to the programs.</summary>
internal static class Http
{
    public static HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Hanzo.Testing.Eventually.Patience };

    /// <summary>The status of a GET, or 0 when nobody answers.</summary>
    public static async Task<int> Status(string url)
    {
        try
        {
            using var response = await Client.GetAsync(url);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>The body of a GET.</summary>
    public static async Task<JsonElement> Json(string url)
    {
        using var json = JsonDocument.Parse(await Client.GetStringAsync(url));
        return json.RootElement.Clone();
    }

    /// <summary>One header field of the answer to a GET; empty when it is not there.</summary>
    public static async Task<string> Field(string url, string field, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await Client.SendAsync(request);
        return response.Headers.TryGetValues(field, out var values) ? values.Single() : "";
    }
}

/// <summary>A PUT of a new product whose body comes in two halves: it is under way until the second is sent.</summary>
internal sealed class SlowPut : IDisposable
{
    private const string Body = """{"sku":"SLOW-1","name":"Slow","price":{"amount":1,"currency":"EUR"}}""";

    private readonly TcpClient _connection = new();
    private readonly string _id = $"slow-{Guid.CreateVersion7():n}";
    private StreamReader _answer = null!;

    /// <summary>Begins it; completes when a program waits for its body.</summary>
    public async Task Begin(int port)
    {
        await _connection.ConnectAsync("127.0.0.1", port);
        _answer = new StreamReader(_connection.GetStream());
        await Send($"PUT /v1/products/{_id} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", await _answer.ReadLineAsync());
        Assert.Equal("", await _answer.ReadLineAsync());
        await Send(Body[..20]);
    }

    /// <summary>Sends the rest; the first line of the answer, or nothing when the connection was cut.</summary>
    public async Task<string> Finish()
    {
        await Send(Body[20..]);
        return await _answer.ReadLineAsync() ?? "";
    }

    public void Dispose() => _connection.Dispose();

    private async Task Send(string text) => await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
