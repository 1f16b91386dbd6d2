using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.LivingShards;

namespace Hanzo.Commerce.Node.Tests.Inventory;

/// <summary>A reservation over several shards whose node dies between any two of its steps.</summary>
public sealed class ReservationSagaTests
{
    /// <summary>More commands than any plan takes: who dies after so many does not die.</summary>
    private const int Steps = 14;

    private static readonly string[] Skus = ["A", "B", "C", "D", "E"];

    public static TheoryData<int, bool, string> Deaths()
    {
        var deaths = new TheoryData<int, bool, string>();
        foreach (var plan in new[] { "commit", "release", "expire", "shortage" })
            for (var calls = 0; calls <= Steps; calls++)
            {
                deaths.Add(calls, false, plan);
                deaths.Add(calls, true, plan);
            }
        return deaths;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Whenever_a_node_dies_every_shard_comes_to_the_same_end(int calls, bool lastIsApplied, string plan)
    {
        var world = new LivingShards();
        var survivor = world.Survivor();
        foreach (var sku in Skus)
            await survivor.Do(survivor.Shards.OfStock(Merchant, sku), new PutStock(Merchant, sku, 10, Condition.None));
        var id = survivor.Shards.NewId("res", 0);
        var quantity = plan == "shortage" ? 11 : 2;
        Assert.True(Skus.Select(sku => survivor.Shards.OfStock(Merchant, sku)).Distinct().Count() > 2, "the lines lie in several shards");

        var mortal = world.Mortal(calls, lastIsApplied);
        try
        {
            await Live(mortal, id, quantity, plan);
        }
        catch (NodeDiedException)
        {
            Assert.True(calls < Steps, "a plan has more steps than are tried");
        }
        // The survivor leads now: first what is open, then what was due by the end of the reservation's time.
        world.Time.Advance(TimeSpan.FromSeconds(3));
        await survivor.Work.Do(CancellationToken.None);
        world.Time.Advance(TimeSpan.FromMinutes(30));
        for (var round = 0; round < 3; round++)
            await survivor.Work.Do(CancellationToken.None);

        var open = await survivor.Open();
        Assert.Empty(open.Reservations);
        Assert.Empty(open.Parts);
        var reply = await survivor.Reservations.Find(Merchant, id, CancellationToken.None);
        var isCommitted = reply is ReservationReply { Reservation.Status: ReservationStatus.Committed };
        foreach (var sku in Skus)
        {
            var item = await survivor.Stock(sku);
            Assert.Equal(isCommitted ? (8, 0, 2) : (10, 0, 0), (item.OnHand, item.Held, item.Committed));
        }
        Assert.True(!isCommitted || plan == "commit");
    }

    [Fact]
    public async Task Once_it_stands_in_the_log_nobody_is_told_that_it_was_not_made()
    {
        var world = new LivingShards();
        var survivor = world.Survivor();
        foreach (var sku in Skus)
            await survivor.Do(survivor.Shards.OfStock(Merchant, sku), new PutStock(Merchant, sku, 10, Condition.None));
        var heard = 0;
        for (var calls = 0; ; calls++)
        {
            var (home, reserve) = survivor.Reservations.Plan(survivor.Shards.NewId("res", 0), Merchant, Skus.Select(sku => new Line(sku, 1)), TimeSpan.FromMinutes(15));
            await survivor.Do(home, reserve);
            var opened = Assert.IsType<ReservationReply>(await survivor.Reservations.Find(Merchant, reserve.Id, CancellationToken.None));
            var cutOff = new LivingShards.Node(new UnreachableShards(world.All, calls), world.Time, null);

            var submitted = await cutOff.Reservations.Hold(opened.Reservation, CancellationToken.None);

            if (submitted.Reply is not null)
                break;
            Assert.True(submitted.MayBeApplied);
            heard++;
        }
        Assert.True(heard > 2, "it was cut off before a part, and before the decision");
    }

    private static async Task Live(LivingShards.Node node, string id, long quantity, string plan)
    {
        var (home, reserve) = node.Reservations.Plan(id, Merchant, Skus.Select(sku => new Line(sku, quantity)), TimeSpan.FromMinutes(15));
        await node.Do(home, reserve);
        if (await node.Reservations.Find(Merchant, id, CancellationToken.None) is not ReservationReply opened)
            return;
        await node.Reservations.Hold(opened.Reservation, CancellationToken.None);
        if (plan is "commit" or "release")
            await node.Do(home, plan == "commit" ? new CommitReservation(Merchant, id) : new ReleaseReservation(Merchant, id));
        if (plan != "expire" && await node.Reservations.Find(Merchant, id, CancellationToken.None) is ReservationReply decided)
            await node.Reservations.Settle(decided.Reservation, CancellationToken.None);
    }
}
