using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>A client whose region is killed between a write and the next read: three real processes, kill -9.</summary>
[Collection(Lanes.Edges)]
public sealed class SessionProcessTests : IAsyncLifetime
{
    /// <summary>The environment variable that holds how many regions are killed; bench/nightly asks for 10,000.</summary>
    private const string Variable = "HANZO_FAILOVERS";

    private static readonly int Failovers = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 3;
    private const string Key = "hk_dev_session";
    private static readonly string[] Names = ["us-east-1", "eu-west-1", "ap-southeast-1"];

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("hanzo-session-");
    private readonly int _port = ReservedPorts.Take(3);
    private readonly int _inner = ReservedPorts.Take(3);
    private readonly RunningProgram[] _nodes = new RunningProgram[3];
    private string? _session;

    public async Task InitializeAsync() => await Task.WhenAll(Enumerable.Range(0, 3).Select(Start));

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task What_a_client_wrote_before_its_region_was_killed_is_found_in_the_next_or_said_to_be_missing()
    {
        var cart = (await Ask(HttpMethod.Post, 0, "/v1/carts", "{}", HttpStatusCode.Created)).Body.GetProperty("id").GetString()!;
        for (var seed = 1; seed <= Failovers; seed++)
        {
            var random = new Random(seed);
            var (home, next) = (random.Next(3), random.Next(1, 3));
            await Eventually.Holds("the region has the cart", async () => (await Ask(HttpMethod.Get, home, $"/v1/carts/{cart}", null)).State == "current");
            await Ask(HttpMethod.Post, home, $"/v1/carts/{cart}/lines", """{"product":"mug-enamel","quantity":1}""", HttpStatusCode.OK);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), TimeProvider.System);
            _nodes[home].Signal("KILL");

            var read = await Ask(HttpMethod.Get, (home + next) % 3, $"/v1/carts/{cart}", null, HttpStatusCode.OK);
            if (read.State == "current")
                Assert.Equal(seed, QuantityIn(read.Body));
            else
                // What is behind may be something else, or have come while the answer was made.
                Assert.Equal(("behind", true), (read.State, QuantityIn(read.Body) >= seed - 1));

            await _nodes[home].DisposeAsync();
            await Start(home);
        }
        for (var node = 0; node < 3; node++)
            await Eventually.Holds("every region has all of it", async () => await Ask(HttpMethod.Get, node, $"/v1/carts/{cart}", null) is { State: "current" } read && QuantityIn(read.Body) == Failovers);
    }

    [Fact]
    public async Task What_a_client_wrote_to_stock_is_in_the_local_readings_of_the_node_it_goes_to_or_said_to_be_missing()
    {
        const string stock = "/v1/inventory/SESSION-1";
        await Eventually.Holds("stock is taken", async () => (await Ask(HttpMethod.Put, 0, stock, """{"on_hand":0}""")).Status == HttpStatusCode.Created, TimeSpan.FromMinutes(1));
        for (var seed = 1; seed <= Failovers; seed++)
        {
            var random = new Random(seed);
            var (home, next) = (random.Next(3), random.Next(1, 3));
            await Eventually.Holds("a unit is added", async () => (await Ask(HttpMethod.Post, home, $"{stock}/adjustments", """{"delta":1}""", key: $"unit-{seed}")).Status == HttpStatusCode.OK, TimeSpan.FromMinutes(1));
            _nodes[home].Signal("KILL");

            // A node that was only just started may know of no stock at all; it then says that it is behind.
            var read = await Ask(HttpMethod.Get, (home + next) % 3, stock, null, isLocal: true);
            if (read.State == "current")
                Assert.Equal(seed, read.Body.GetProperty("on_hand").GetInt64());
            else
                Assert.Equal("behind", read.State);

            await _nodes[home].DisposeAsync();
            await Start(home);
        }
        for (var node = 0; node < 3; node++)
            await Eventually.Holds("every node has all of it", async () => await Ask(HttpMethod.Get, node, stock, null, isLocal: true) is { State: "current", Status: HttpStatusCode.OK } read && read.Body.GetProperty("on_hand").GetInt64() == Failovers, TimeSpan.FromMinutes(1));
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

    private async Task<Answer> Ask(HttpMethod method, int node, string path, string? body, HttpStatusCode? expected = null, string? key = null, bool isLocal = false)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{_port + node}{path}"));
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        request.Headers.Add("Authorization", $"Bearer {Key}");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (isLocal)
            request.Headers.Add("Consistency", "local");
        if (_session is not null)
            request.Headers.Add("Hanzo-Session", _session);
        using var response = await Http.Client.SendAsync(request);
        if (expected is not null)
            Assert.Equal(expected, response.StatusCode);
        _session = response.Headers.GetValues("Hanzo-Session").Single();
        var state = response.Headers.TryGetValues("Hanzo-Session-State", out var told) ? told.Single() : null;
        return new Answer(response.StatusCode, state, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static long QuantityIn(JsonElement cart) => cart.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64());

    private sealed record Answer(HttpStatusCode Status, string? State, JsonElement Body);
}
