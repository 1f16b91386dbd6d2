using System.Text;
using System.Text.Json;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Webhooks;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class SnapshotTests
{
    private static ShardUnderTest Lived()
    {
        var shard = new ShardUnderTest();
        shard.Do(new AddWebhook(new WebhookEndpoint("whk_1", Merchant, "https://shop.example/", [], "secret", default)));
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

        Assert.Equal(RowsOf(lived.State), RowsOf(restored.State));
        Assert.Equal(lived.Snapshot(), restored.Snapshot());
        Assert.Equal(ReservationStatus.Expired, restored.Reservation("res_2").Status);
        Assert.Equal(13, restored.Stock("MUG").OnHand + restored.Stock("MUG").Committed);
    }

    /// <summary>Bytes that lie on disks and in backups: a version that was once written is read for ever.</summary>
    [Theory]
    [InlineData("snapshot.v1.jsonl")]
    [InlineData("snapshot.v2.base64")]
    public void A_snapshot_of_any_version_is_read(string name) => Assert.Equal(RowsOf(Lived().State), RowsOf(Restored(Golden(name)).State));

    [Fact]
    public void What_is_written_is_of_the_present_version() => Assert.Equal(Convert.ToBase64String(Golden("snapshot.v2.base64")), Convert.ToBase64String(Lived().Snapshot()));

    [Fact]
    public void An_answer_is_that_again_also_where_its_row_has_gone_on()
    {
        var shard = Lived();
        shard.Apply(new Entry(new Reserve("res_5", Merchant, Lines(("MUG", 1)), [], TimeSpan.FromHours(1)), Key("made")));
        shard.Apply(new Entry(new CommitReservation(Merchant, "res_5"), Key("committed")));

        var restored = Restored(shard.Snapshot()).State;

        var row = restored.Inventory.Reservations.Find("demo/res_5");
        Assert.Equal(ReservationStatus.Committed, Assert.IsType<ReservationReply>(restored.Keys.Find("committed")!.Answer).Reservation.Status);
        var made = Assert.IsType<ReservationReply>(restored.Keys.Find("made")!.Answer).Reservation;
        Assert.Equal((ReservationStatus.Held, ReservationStatus.Committed), (made.Status, row!.Status));
        Assert.Equal("made", made.Key);
    }

    [Theory]
    [InlineData("snapshot.v1.jsonl")]
    [InlineData("snapshot.v2.base64")]
    public void A_snapshot_that_is_cut_off_is_refused(string name)
    {
        var whole = Golden(name);
        // A line's end may be missing behind the last one.
        for (var length = 0; length < whole.Length - 1; length++)
        {
            var refusal = Record.Exception(() => Restored(whole[..length]));
            Assert.True(refusal is InvalidDataException or JsonException, $"{length} octets of {whole.Length}: {refusal?.GetType().Name ?? "taken"}");
        }
        Assert.Throws<InvalidDataException>(() => Restored([.. whole, 1]));
    }

    [Fact]
    public void A_snapshot_of_which_a_row_is_missing_is_refused()
    {
        var lines = Encoding.UTF8.GetString(Golden("snapshot.v1.jsonl")).Split('\n');
        Assert.Throws<InvalidDataException>(() => Restored(Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..3], .. lines[4..]]))));
    }

    [Theory]
    [InlineData("snapshot.v1.jsonl", "\"version\":1,\"clock\"", "\"version\":9,\"clock\"")]
    [InlineData("snapshot.v2.base64", "\"version\":2,\"clock\"", "\"version\":9,\"clock\"")]
    public void Another_version_is_refused(string name, string version, string another) =>
        Assert.Throws<InvalidDataException>(() => Restored(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Golden(name)).Replace(version, another, StringComparison.Ordinal))));

    [Fact]
    public void What_is_saved_is_the_state_of_one_moment()
    {
        var shard = Lived();
        var before = shard.Snapshot();
        var held = shard.Save();

        shard.Put("PAN", 1);
        shard.Commit("res_2");
        shard.Pass(TimeSpan.FromDays(8));

        Assert.Equal(before, Written(held));
        Assert.NotEqual(before, shard.Snapshot());
    }

    private static byte[] Golden(string name)
    {
        var content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Machine", name));
        return name.EndsWith(".base64", StringComparison.Ordinal) ? Convert.FromBase64String(Encoding.ASCII.GetString(content)) : content;
    }

    /// <summary>Everything that a state holds, as text: another way than a snapshot's.</summary>
    private static string[] RowsOf(CommerceState state) =>
    [
        .. new SnapshotRow[] { new SnapshotHead(0, state.Clock, state.Webhooks.LastNumber) }
            .Concat(state.Inventory.Stock.Hold().Select(row => new StockRow(row.Value)))
            .Concat(state.Inventory.Reservations.Hold().Select(row => new ReservationRow(row.Value)))
            .Concat(state.Inventory.Parts.Hold().Select(row => new PartRow(row.Value)))
            .Concat(state.Inventory.Deadlines.Hold().Select(deadline => new DeadlineRow(deadline)))
            .Concat(state.Inventory.OverdueParts.Select(key => new OverduePartRow(key)))
            .Concat(state.Payments.All.Hold().Select(row => new PaymentRow(row.Value)))
            .Concat(state.Orders.Hold().Select(row => new OrderRow(row.Value)))
            .Concat(state.Webhooks.Endpoints.Hold().Select(row => new WebhookRow(row.Value)))
            .Concat(state.Webhooks.Deliveries.Hold().Select(row => new DeliveryRow(row.Value)))
            .Concat(state.Keys.Hold().Select(record => new KeyRow(record)))
            .Select(row => JsonSerializer.Serialize(row, MachineJson.Context.SnapshotRow))
            .Order(StringComparer.Ordinal),
    ];
}
