using System.Globalization;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>A backup under load, the loss of every disk, and a cluster that begins from it.</summary>
[Collection(Lanes.Long)]
public sealed class BackupProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-backup-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_is_there_after_every_disk_was_lost()
    {
        var backup = Path.Combine(_directory, "shop.backup");
        await using var trio = await NodeTrio.Start();
        // In three of the four shards, so that reservations go over several.
        await trio.Stock(100_000, Skus);

        await using var load = new KeyedLoad(clients: 4, attempts: 1, (key, _) => Say(trio, key.Sum(letter => letter) % 3, key));
        await load.Goes(61);
        var before = load.Answers.ToArray();
        var (code, said) = await Node("backup", "--node", "gone=http://127.0.0.1:9", "--node", trio.InnerOf(1), "--out", backup);
        Assert.True(code == 0, said);
        await load.Goes(21);
        await load.Stop();
        Assert.Empty(load.Failures);

        for (var node = 0; node < 3; node++)
        {
            await trio.Kill(node);
            Directory.Delete(trio.DirectoryOf(node), recursive: true);
        }
        (code, said) = await Node("restore", backup, "--data", trio.DirectoryOf(2), "--name", "us", "--node", "ap", "--node", "eu");
        Assert.True(code == 0, said);
        for (var node = 0; node < 3; node++)
            trio.StartNode(node);
        await trio.AreLed();
        await trio.Holds("all three vote", async () => (await trio.VotersSeenBy(2)).Length == 3);

        Assert.All(await Task.WhenAll(before.Select(async told => (told.Value, Again: (await Say(trio, 0, told.Key)).Body))), pair => Assert.Equal(pair.Value, pair.Again));
        // What was half way between two shards at that instant is brought to its end, and no unit is lost or doubled.
        foreach (var sku in Skus)
            await trio.Holds($"what is held of {sku} is what reservations hold", async () => (await trio.Json(1, $"/v1/inventory/{sku}")).GetProperty("held").GetInt64() == await Reserved(trio, sku));

        (code, said) = await Node("restore", backup, "--data", trio.DirectoryOf(2), "--name", "us");
        Assert.Equal(1, code);
        Assert.Contains("it is not empty. Nothing was written", said, StringComparison.Ordinal);
        await Damaged(backup);
    }

    private static string[] Skus => ["MUG", "CUP", "POT"];

    private async Task Damaged(string backup)
    {
        var (code, said) = await Node("backup", "verify", backup);
        Assert.True(code == 0 && said.Contains("reservations", StringComparison.Ordinal), said);

        var octets = await File.ReadAllBytesAsync(backup);
        octets[octets.Length / 2] ^= 1;
        var damaged = Path.Combine(_directory, "damaged.backup");
        await File.WriteAllBytesAsync(damaged, octets);
        var data = Path.Combine(_directory, "data");
        (code, said) = await Node("restore", damaged, "--data", data, "--name", "us");
        Assert.Equal(1, code);
        Assert.Contains("damaged: its checksum does not fit its content", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));

        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(backup))[..^100]);
        (code, said) = await Node("backup", "verify", damaged);
        Assert.Equal(1, code);
        Assert.Contains("it ends within the state of shard 3", said, StringComparison.Ordinal);
    }

    /// <summary>A payment under every fourth key, else a reservation over several shards.</summary>
    private static Task<(int Status, string Body)> Say(NodeTrio trio, int node, string key) => int.Parse(key.Split('-')[1], CultureInfo.InvariantCulture) % 4 == 0
        ? trio.Post(node, "/v1/payments", """{"amount":{"amount":3800,"currency":"EUR"},"payment_method":"pm_approve"}""", key)
        : trio.Post(node, "/v1/reservations", """{"items":[{"sku":"MUG","quantity":1},{"sku":"CUP","quantity":2},{"sku":"POT","quantity":1}]}""", key);

    private static async Task<long> Reserved(NodeTrio trio, string sku)
    {
        var held = 0L;
        string? after = null;
        do
        {
            var page = await trio.Json(1, $"/v1/reservations?limit=100{(after is null ? "" : $"&cursor={Uri.EscapeDataString(after)}")}");
            held += page.GetProperty("data").EnumerateArray()
                .Where(reservation => reservation.GetProperty("status").GetString() == "held")
                .SelectMany(reservation => reservation.GetProperty("items").EnumerateArray())
                .Where(item => item.GetProperty("sku").GetString() == sku)
                .Sum(item => item.GetProperty("quantity").GetInt64());
            after = page.GetProperty("has_more").GetBoolean() ? page.GetProperty("next_cursor").GetString() : null;
        }
        while (after is not null);
        return held;
    }

    private static async Task<(int Code, string Said)> Node(params string[] arguments)
    {
        await using var program = RunningProgram.Start(Repository.Node, arguments);
        return (await program.Exit(), program.Output);
    }
}
