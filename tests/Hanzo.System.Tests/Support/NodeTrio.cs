using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>Three nodes as real processes, and a fourth that may come, each with a directory that it finds again when it is started again.</summary>
internal sealed class NodeTrio : IAsyncDisposable
{
    public const string Key = "hk_dev_trio";
    private static readonly string[] Names = ["ap", "eu", "us", "za"];
    private static readonly string[] Regions = ["ap-southeast", "eu-west", "us-east", "af-south"];

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-trio-").FullName;
    private readonly int[] _ports = [.. Names.Select(_ => ReservedPorts.Take())];
    private readonly int[] _inner = [.. Names.Select(_ => ReservedPorts.Take())];
    private readonly RunningProgram?[] _nodes = new RunningProgram?[4];
    private int _announce;
    private bool _isSecure;

    /// <summary>Which nodes are each other's peers, for those that start from now on.</summary>
    public int[] Known { get; set; } = [0, 1, 2];

    /// <param name="announce">Seconds that a node serves on after SIGTERM.</param>
    /// <param name="isSecure">Whether nodes show each other certificates, of hanzo-node certs.</param>
    public static async Task<NodeTrio> Start(int announce = 1, bool isSecure = false)
    {
        var trio = new NodeTrio { _announce = announce, _isSecure = isSecure };
        if (isSecure)
            await trio.MakeCertificates();
        for (var node = 0; node < 3; node++)
            trio.StartNode(node);
        await trio.AreLed();
        return trio;
    }

    private string Certificates => Path.Combine(_directory, "certificates");

    public string DirectoryOf(int node) => Path.Combine(_directory, Names[node]);

    /// <summary>How an operator names it: its name and its inner address.</summary>
    public string InnerOf(int node) => $"{Names[node]}={(_isSecure ? "https" : "http")}://127.0.0.1:{_inner[node]}";

    public int InnerPortOf(int node) => _inner[node];

    public X509Certificate2 CertificateOf(int node) => X509Certificate2.CreateFromPemFile(Path.Combine(Certificates, $"{Names[node]}.pem"), Path.Combine(Certificates, $"{Names[node]}.key"));

    public void StartNode(int node) => _nodes[node] = RunningProgram.Start(Repository.Node,
    [
        "run", "--region", Regions[node], "--name", Names[node], "--listen", $"127.0.0.1:{_ports[node]}", "--inner", $"127.0.0.1:{_inner[node]}", "--data", DirectoryOf(node),
        "--development-key", Key, "--fake-gateway", "--announce", $"{_announce}",
        .. Known.Where(other => other != node).SelectMany(other => new[] { "--peer", InnerOf(other) }), .. _isSecure ? (string[])["--tls", Certificates] : [],
    ]);

    public RunningProgram Node(int node) => _nodes[node]!;

    /// <summary>Waits until each of the three that runs hears a leader of every shard.</summary>
    public Task AreLed() => Holds("every shard is led", async () =>
    {
        foreach (var node in Enumerable.Range(0, 3).Where(node => _nodes[node] is { HasExited: false }))
        {
            if (await Http.Status($"http://127.0.0.1:{_ports[node]}/readyz") != 200
                || !(await Http.Client.GetStringAsync($"http://127.0.0.1:{_ports[node]}/readyz")).Contains("consensus", StringComparison.Ordinal))
                return false;
        }
        return true;
    }, TimeSpan.FromMinutes(2));

    /// <summary>Waits as <see cref="Eventually"/> does, and where it is in vain tells what the nodes know of the cluster and have said.</summary>
    /// <exception cref="TimeoutException">It never held.</exception>
    public async Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null)
    {
        try
        {
            await Eventually.Holds(what, condition, within);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{string.Join("\n--\n", await Task.WhenAll(Enumerable.Range(0, 4).Select(Told)))}", late);
        }

        async Task<string> Told(int node) => _nodes[node] is { } program ? $"{Names[node]}:\n{(program.HasExited ? "has ended" : await KnownBy(node))}\n{program.Output}" : "";

        async Task<string> KnownBy(int node)
        {
            try
            {
                return $"{await Cluster(node)}";
            }
            catch (HttpRequestException silent)
            {
                return silent.Message;
            }
        }
    }

    /// <summary>Ends a node in order.</summary>
    public async Task End(int node)
    {
        Node(node).Signal("TERM");
        await Node(node).Exit();
    }

    /// <summary>Ends a node in order, and waits until it serves again.</summary>
    public async Task Restart(int node)
    {
        await End(node);
        await Node(node).DisposeAsync();
        StartNode(node);
        await AreLed();
    }

    public int PortOf(int node) => _ports[node];

    /// <summary>The names of those that vote in every shard, as a node sees it.</summary>
    public async Task<string[]> VotersSeenBy(int node) => [.. (await Cluster(node)).GetProperty("shards").EnumerateArray()
        .Select(shard => shard.GetProperty("members").EnumerateArray().Where(member => member.GetProperty("voter").GetBoolean()).Select(member => member.GetProperty("name").GetString()!))
        .Aggregate((all, voters) => all.Intersect(voters)).Order(StringComparer.Ordinal)];

    public async Task Kill(int node)
    {
        Node(node).Signal("KILL");
        await Node(node).Exit();
    }

    public Task<JsonElement> Cluster(int node) => Http.Json($"http://127.0.0.1:{_ports[node]}/cluster");

    /// <summary>The node that leads a shard, as another sees it: waits for the next one where it has just changed.</summary>
    public async Task<int> LeaderOf(int shard, int seenBy)
    {
        var leader = -1;
        await Holds("the shard is led", async () =>
            (leader = Array.IndexOf(Names, (await Cluster(seenBy)).GetProperty("shards")[shard].GetProperty("leader").GetString())) >= 0);
        return leader;
    }

    /// <summary>Puts stock, again while no leader is there to take it: on a busy machine the first ones come and go.</summary>
    public async Task Stock(int onHand, params string[] skus)
    {
        foreach (var sku in skus)
            await Holds($"{sku} is in stock", async () =>
                (await Put(0, $"/v1/inventory/{sku}", $$"""{"on_hand":{{onHand}}}""")).Status == 201 || (await Get(0, $"/v1/inventory/{sku}")).Status == 200);
    }

    /// <summary>What a request is answered that is sent again under its key until it is told more than that no leader took it.</summary>
    public async Task<(int Status, string Body)> Answered(int node, string path, string body, string key)
    {
        (int Status, string Body) answer = default;
        await Holds($"{key} is answered", async () => (answer = await Post(node, path, body, key)).Status != 503);
        return answer;
    }

    public Task<(int Status, string Body)> Put(int node, string path, string body) => Send(node, HttpMethod.Put, path, body, null);

    public Task<(int Status, string Body)> Post(int node, string path, string body, string key) => Send(node, HttpMethod.Post, path, body, key);

    public Task<(int Status, string Body)> Get(int node, string path) => Send(node, HttpMethod.Get, path, null, null);

    /// <summary>The body of a GET that went well.</summary>
    public async Task<JsonElement> Json(int node, string path)
    {
        var (status, body) = await Get(node, path);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<RunningProgram>())
        {
            if (!node.HasExited)
                node.Signal("KILL");
            await node.DisposeAsync();
        }
        Directory.Delete(_directory, recursive: true);
    }

    private async Task MakeCertificates()
    {
        await using var certs = RunningProgram.Start(Repository.Node, ["certs", "--directory", Certificates, .. Names.SelectMany(name => new[] { "--node", name })]);
        Assert.True(await certs.Exit() == 0, certs.Output);
    }

    private async Task<(int Status, string Body)> Send(int node, HttpMethod method, string path, string? body, string? key)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{_ports[node]}{path}");
        request.Headers.Add("Authorization", $"Bearer {Key}");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
