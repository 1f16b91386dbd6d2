using System.Text.Json.Nodes;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

[Collection(Lanes.Long)]
public sealed class HistoryProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-history");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_eight_clients_saw_of_one_node_is_linearizable_and_one_unit_more_is_not()
    {
        const string Key = "development-history";
        var (keyFile, history) = (Path.Combine(_directory.FullName, "key"), Path.Combine(_directory.FullName, "history.ndjson"));
        await File.WriteAllTextAsync(keyFile, Key);
        var port = ReservedPorts.Take();
        await using var node = RunningProgram.Start(Repository.Node,
            ["run", "--region", "us-east", "--name", "us-east-1", "--listen", $"127.0.0.1:{port}", "--development-key", Key, "--fake-gateway", "--rate-limit", "100000"]);
        await node.Says($"us-east-1 serves us-east on http://127.0.0.1:{port}");

        await using var recording = RunningProgram.Start(Repository.Drill, ["record-history", "--node", $"http://127.0.0.1:{port}", "--key-file", keyFile, "--for", "3s", history]);
        Assert.Equal(0, await recording.Exit());
        var lines = (await File.ReadAllLinesAsync(history)).Select(line => JsonNode.Parse(line)!).ToList();
        foreach (var kind in new[] { "stock", "reservation", "payment", "key" })
            Assert.Contains(lines, line => $"{line["object"]}".StartsWith($"{kind}/", StringComparison.Ordinal) && $"{line["outcome"]}" == "done");
        Assert.Equal(0, await Check(history));

        var last = lines.FindLast(line => line["stock"] is not null)!;
        last["stock"]!["on_hand"] = (long)last["stock"]!["on_hand"]! + 1;
        await File.WriteAllLinesAsync(history, lines.Select(line => line.ToJsonString()));
        Assert.Equal(1, await Check(history));
    }

    private static async Task<int> Check(string history)
    {
        await using var check = RunningProgram.Start(Repository.Drill, ["check-history", history]);
        return await check.Exit();
    }
}
