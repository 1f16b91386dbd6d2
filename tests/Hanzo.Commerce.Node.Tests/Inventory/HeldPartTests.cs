using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Inventory;

/// <summary>One reservation over two shards, message by message.</summary>
public sealed class HeldPartTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(15);

    private readonly ShardUnderTest _home = new();
    private readonly ShardUnderTest _other = new();

    public HeldPartTests()
    {
        _home.Put("CUP", 5);
        _other.Put("MUG", 5);
    }

    private Result Open() => _home.Apply(new Entry(
        new Reserve("res_1", Merchant, Lines(("CUP", 1)), [new PartPlan(1, Lines(("MUG", 2)))], Hold), Key("k")));

    private Reply HoldOther(long quantity = 2) => _other.Do(new HoldPart(Merchant, "res_1", Lines(("MUG", quantity)), _home.Reservation("res_1").ExpiresAt));

    private Reply Decide(Refused? refusal = null) => _home.Do(new DecideReservation(Merchant, "res_1", refusal));

    private Reply SettleOther(bool commit) => _other.Do(new SettlePart(Merchant, "res_1", commit));

    private static Work WorkOf(ShardUnderTest shard) => Assert.IsType<Work>(shard.Ask(new FindWork(10)));

    [Fact]
    public void It_is_held_when_its_home_says_so_and_the_key_is_answered_then()
    {
        Assert.IsType<Underway>(Open().Reply);
        Assert.Equal("idempotency_key_in_use", Code(Open().Reply));
        Assert.Equal("reservation_not_found", Code(_home.Commit("res_1")));
        HoldOther();

        Assert.IsType<ReservationReply>(Decide());

        var again = Open();
        Assert.True(again.Repeated);
        Assert.Equal(["CUP", "MUG"], Assert.IsType<ReservationReply>(again.Reply).Reservation.Lines.Select(line => line.Sku));
        Assert.Empty(WorkOf(_home).Reservations);
    }

    [Fact]
    public void A_shortage_elsewhere_gives_back_what_the_home_held()
    {
        Open();
        var shortage = Assert.IsType<Refused>(HoldOther(6));
        Assert.Equal("insufficient_stock", Code(Decide(shortage)));

        Assert.Equal(0, _home.Stock("CUP").Held);
        Assert.Equal(shortage.Shortages.ToArray(), Assert.IsType<Refused>(Open().Reply).Shortages.ToArray());
        Assert.Equal([1], Assert.Single(WorkOf(_home).Reservations).Unsettled.ToArray());
    }

    [Fact]
    public void A_commit_is_work_until_every_shard_has_heard_of_it()
    {
        Open();
        HoldOther();
        Decide();
        _home.Commit("res_1");
        Assert.Equal([1], Assert.Single(WorkOf(_home).Reservations).Unsettled.ToArray());

        SettleOther(commit: true);
        SettleOther(commit: true);
        _home.Do(new PartSettled(Merchant, "res_1", 1));

        Assert.Empty(WorkOf(_home).Reservations);
        var mug = _other.Stock("MUG");
        Assert.Equal((3, 0, 2), (mug.OnHand, mug.Held, mug.Committed));
    }

    [Fact]
    public void A_part_does_not_end_by_time_but_by_asking_its_home()
    {
        Open();
        HoldOther();
        Decide();
        _home.Commit("res_1");

        _other.Pass(Hold + HeldPart.AskAfter);

        Assert.Equal(2, _other.Stock("MUG").Held);
        Assert.Equal("res_1", Assert.Single(WorkOf(_other).Parts).ReservationId);
        SettleOther(commit: true);
        Assert.Empty(WorkOf(_other).Parts);
        Assert.Equal(2, _other.Stock("MUG").Committed);
    }

    [Fact]
    public void A_request_to_hold_that_comes_after_the_end_holds_nothing()
    {
        Open();
        Decide(new Refused("insufficient_stock"));
        SettleOther(commit: false);

        Assert.Equal("reservation_not_held", Code(_other.Do(new HoldPart(Merchant, "res_1", Lines(("MUG", 2)), _other.Now + Hold))));
        Assert.Equal(0, _other.Stock("MUG").Held);
    }

    [Fact]
    public void A_decision_that_comes_too_late_is_no()
    {
        Open();
        HoldOther();
        _home.Pass(Hold);
        Assert.Equal("reservation_expired", Code(Decide()));
        Assert.Equal(0, _home.Stock("CUP").Held);
    }

    [Fact]
    public void A_reservation_that_a_shard_has_not_heard_of_is_not_forgotten()
    {
        Open();
        HoldOther();
        Decide();
        _home.Commit("res_1");
        _home.Pass(Reservation.Retention * 2);
        Assert.Equal(ReservationStatus.Committed, _home.Reservation("res_1").Status);

        _home.Do(new PartSettled(Merchant, "res_1", 1));
        _home.Pass(Reservation.Retention);
        Assert.Equal("reservation_not_found", Code(_home.Ask(new FindReservation(Merchant, "res_1"))));
    }
}
