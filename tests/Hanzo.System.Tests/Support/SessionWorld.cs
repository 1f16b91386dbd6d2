using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>Three nodes as real processes, and clients that go from one to the other with their session tokens.</summary>
internal sealed class SessionWorld : IAsyncDisposable
{
    private const string Key = "hk_dev_session";
    private static readonly string[] Names = ["us-east-1", "eu-west-1", "ap-southeast-1"];

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("hanzo-session-");
    private readonly int _port = ReservedPorts.Take(3);
    private readonly int _inner = ReservedPorts.Take(3);
    private readonly RunningProgram[] _nodes = new RunningProgram[3];

    public static async Task<SessionWorld> Start()
    {
        var world = new SessionWorld();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(world.Start));
        return world;
    }

    /// <summary>Ends a node as a power cut does; it may still answer for a moment.</summary>
    public void Kill(int node) => _nodes[node].Signal("KILL");

    /// <summary>Starts a node again that was killed, and waits until it serves.</summary>
    public async Task StartAgain(int node)
    {
        await _nodes[node].DisposeAsync();
        await Start(node);
    }

    public async Task<Answer> Ask(Customer customer, HttpMethod method, int node, string path, string? body, HttpStatusCode? expected = null, string? key = null, bool isLocal = false)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{_port + node}{path}"));
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        request.Headers.Add("Authorization", $"Bearer {Key}");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (isLocal)
            request.Headers.Add("Consistency", "local");
        if (customer.Session is { } session)
            request.Headers.Add("Hanzo-Session", session);
        using var response = await Http.Client.SendAsync(request);
        if (expected is not null)
            Assert.Equal(expected, response.StatusCode);
        customer.Session = response.Headers.GetValues("Hanzo-Session").Single();
        var state = response.Headers.TryGetValues("Hanzo-Session-State", out var told) ? told.Single() : null;
        return new Answer(response.StatusCode, state, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _state.Delete(recursive: true);
    }

    private async Task Start(int index)
    {
        var peers = Enumerable.Range(0, 3).Where(other => other != index).SelectMany(other => new[] { "--peer", $"{Names[other]}=http://127.0.0.1:{_inner + other}" });
        _nodes[index] = RunningProgram.Start(Repository.Node,
        [
            "run", "--region", Names[index][..^2], "--name", Names[index], "--listen", $"127.0.0.1:{_port + index}", "--inner", $"127.0.0.1:{_inner + index}",
            "--data", Path.Combine(_state.FullName, Names[index]), "--development-key", Key, .. peers,
        ]);
        await _nodes[index].Says($"serves {Names[index][..^2]} on http://127.0.0.1:{_port + index}", TimeSpan.FromSeconds(60));
    }

    /// <summary>Someone who buys, in one region after the other.</summary>
    internal sealed class Customer
    {
        /// <summary>What the last answer gave it to show with the next request.</summary>
        public string? Session { get; set; }

        /// <summary>The path of what it changes: its cart, or stock that nobody else touches.</summary>
        public string Path { get; set; } = "";

        /// <summary>How many units it has put there.</summary>
        public int Written { get; set; }
    }

    /// <param name="State">What <c>Hanzo-Session-State</c> says, or null.</param>
    internal sealed record Answer(HttpStatusCode Status, string? State, JsonElement Body);
}
