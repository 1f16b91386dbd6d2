using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>Nodes come and go while clients reserve.</summary>
[Collection(Lanes.Edges)]
public sealed class MemberProcessTests
{
    private const string Reservation = """{"items":[{"sku":"MUG","quantity":1},{"sku":"CUP","quantity":1}]}""";

    [Fact]
    public async Task A_node_is_replaced_by_another_one_and_no_request_fails()
    {
        await using var trio = await NodeTrio.Start();
        await trio.Stock(100_000, "MUG", "CUP");
        await using var load = new KeyedLoad(clients: 3, attempts: 50, (key, attempt) => trio.Post(1 + (key.Length + attempt) % 2, "/v1/reservations", Reservation, key));
        await load.Goes(20);

        // The others are told of it one after the other; then it is taken in, and what it replaces is taken out.
        trio.Known = [0, 1, 2, 3];
        trio.StartNode(3);
        for (var node = 0; node < 3; node++)
            await trio.Restart(node);
        var (code, said) = await Member(trio, "replace", "ap", "za");
        Assert.True(code == 0, said);
        Assert.Contains("za votes in every shard", said, StringComparison.Ordinal);
        Assert.EndsWith("ap belongs to no shard", said, StringComparison.Ordinal);
        await trio.End(0);
        await load.Goes(20);
        await load.Stop();

        Assert.Empty(load.Failures);
        Assert.Equal(["eu", "us", "za"], await trio.VotersSeenBy(3));
        Assert.All(await Task.WhenAll(load.Answers.Select(async told => (told.Value, Again: (await trio.Post(3, "/v1/reservations", Reservation, told.Key)).Body))), pair => Assert.Equal(pair.Value, pair.Again));
        Assert.Equal(load.Answers.Count, (await trio.Json(3, "/v1/inventory/MUG")).GetProperty("held").GetInt32());

        // A majority is not given away, and who was never met is not taken in.
        await trio.Kill(1);
        (code, said) = await Member(trio, "remove", "us", "--timeout", "5");
        Assert.Equal(1, code);
        Assert.Contains("would have 1 of 2 voters without us, which is no majority: eu did not answer within 1000 ms", said, StringComparison.Ordinal);
        (code, said) = await Member(trio, "add", "mars", "--timeout", "2");
        Assert.Equal(1, code);
        Assert.Contains("which has not met mars: they have to be each other's --peer", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> Member(NodeTrio trio, params string[] arguments)
    {
        await using var program = RunningProgram.Start(Repository.Node, ["member", .. arguments, "--node", trio.InnerOf(1), "--node", trio.InnerOf(2)]);
        return (await program.Exit(TimeSpan.FromMinutes(2)), program.Output);
    }
}
