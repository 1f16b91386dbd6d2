using System.Text;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class SnapshotTests
{
    private static ShardUnderTest Lived()
    {
        var shard = new ShardUnderTest();
        shard.Put("MUG", 10);
        shard.Put("CUP", 10);
        shard.Apply(new Entry(new AdjustStock(Merchant, "MUG", 3), Key("k")));
        shard.Reserve("res_1", ("MUG", 1));
        shard.Reserve("res_2", ("MUG", 2), ("CUP", 1));
        shard.Commit("res_1");
        shard.Apply(new Entry(new Reserve("res_3", Merchant, Lines(("CUP", 1)), [new PartPlan(2, Lines(("PAN", 1)))], TimeSpan.FromHours(1)), Key("l")));
        shard.Do(new HoldPart(Merchant, "res_4", Lines(("CUP", 2)), shard.Now));
        Place(shard, "1", "cart_1");
        shard.Do(new SettleTransaction(Merchant, "pay_1", 1, GatewayResult.Succeeded("ref")));
        Place(shard, "2");
        shard.Pass(HeldPart.AskAfter);
        return shard;
    }

    private static Reply Place(ShardUnderTest shard, string number, string? cart = null) => shard.Apply(new Entry(
        new PlaceOrder(
            $"ord_{number}", Merchant, [new OrderItem("CUP", 1, new Money(5, "EUR"))], new Money(5, "EUR"),
            new Reserve($"res_of_{number}", Merchant, Lines(("CUP", 1)), [], TimeSpan.FromMinutes(10), $"ord_{number}"), $"pay_{number}", "card", null, ["fake"], cart is null ? null : new CartOrigin(cart, "v")),
        Key($"order {number}"))).Reply;

    [Fact]
    public void A_restored_machine_goes_on_like_the_one_that_was_saved()
    {
        var lived = Lived();
        var restored = Restored(lived.Snapshot());

        foreach (var shard in new[] { lived, restored })
        {
            Assert.Single(Assert.IsType<Work>(shard.Ask(new FindWork(10))).Parts);
            shard.Do(new SettlePart(Merchant, "res_4", Commit: true));
            shard.Do(new DecideReservation(Merchant, "res_3", null));
            shard.Apply(new Entry(new AdjustStock(Merchant, "MUG", 3), Key("k")));
            shard.Do(new SettleTransaction(Merchant, "pay_2", 1, GatewayResult.Declined("no")));
            Assert.Equal("ord_1", Assert.IsType<Refused>(Place(shard, "3", "cart_1")).Order);
            shard.Do(new CancelOrder(Merchant, "ord_1"));
            shard.Pass(TimeSpan.FromMinutes(20));
        }

        Assert.Equal(Encoding.UTF8.GetString(lived.Snapshot()), Encoding.UTF8.GetString(restored.Snapshot()));
        Assert.Equal(ReservationStatus.Expired, restored.Reservation("res_2").Status);
        Assert.Equal(13, restored.Stock("MUG").OnHand + restored.Stock("MUG").Committed);
    }

    [Fact]
    public void A_snapshot_that_is_cut_off_is_refused()
    {
        var lines = Encoding.UTF8.GetString(Lived().Snapshot()).TrimEnd('\n').Split('\n');
        Assert.Throws<InvalidDataException>(() => Restored(Encoding.UTF8.GetBytes(string.Join('\n', lines[..^1]))));
        Assert.Throws<InvalidDataException>(() => Restored(Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..3], lines[^1]]))));
        Assert.Throws<InvalidDataException>(() => Restored([]));
    }

    [Fact]
    public void Another_version_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Restored(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Lived().Snapshot()).Replace("\"version\":1,\"clock\"", "\"version\":2,\"clock\"", StringComparison.Ordinal))));

    [Fact]
    public void What_is_saved_is_the_state_of_one_moment()
    {
        var shard = Lived();
        var before = shard.Snapshot();
        var held = shard.Save();

        shard.Put("PAN", 1);
        shard.Commit("res_2");
        shard.Pass(TimeSpan.FromDays(8));

        Assert.Equal(Encoding.UTF8.GetString(before), Encoding.UTF8.GetString(Written(held)));
        Assert.NotEqual(before, shard.Snapshot());
    }
}
