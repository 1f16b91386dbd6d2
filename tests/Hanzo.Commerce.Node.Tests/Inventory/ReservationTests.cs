using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Inventory;

public sealed class ReservationTests
{
    private readonly ShardUnderTest _shard = new();

    public ReservationTests()
    {
        _shard.Put("CUP", 5);
        _shard.Put("MUG", 10);
    }

    private void Expect(string sku, long onHand, long held, long committed)
    {
        var item = _shard.Stock(sku);
        Assert.Equal((onHand, held, committed), (item.OnHand, item.Held, item.Committed));
    }

    private ReservationStatus Status(string id) => _shard.Reservation(id).Status;

    [Fact]
    public void Several_lines_are_held_all_or_not_at_all()
    {
        var refused = Assert.IsType<Refused>(_shard.Reserve("res_1", ("CUP", 6), ("MUG", 1), ("PAN", 1)));

        Assert.Equal([new Shortage("CUP", 6, 5), new Shortage("PAN", 1, 0)], refused.Shortages.ToArray());
        Expect("MUG", 10, 0, 0);

        Assert.IsType<ReservationReply>(_shard.Reserve("res_2", ("CUP", 5), ("MUG", 1)));
        Expect("CUP", 5, 5, 0);
        Expect("MUG", 10, 1, 0);
    }

    [Fact]
    public void A_commit_takes_the_units_away_and_a_release_gives_them_back()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        _shard.Reserve("res_2", ("MUG", 3));

        _shard.Commit("res_1");
        _shard.Release("res_2");

        Expect("MUG", 6, 0, 4);
        Assert.Equal((ReservationStatus.Committed, ReservationStatus.Released), (Status("res_1"), Status("res_2")));
    }

    [Fact]
    public void Ending_a_reservation_twice_in_the_same_way_does_it_once()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        Assert.IsType<ReservationReply>(_shard.Commit("res_1"));
        Assert.IsType<ReservationReply>(_shard.Commit("res_1"));
        Expect("MUG", 6, 0, 4);
    }

    [Fact]
    public void A_reservation_that_is_over_cannot_end_otherwise()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        _shard.Commit("res_1");
        Assert.Equal("reservation_not_held", Code(_shard.Release("res_1")));
        Expect("MUG", 6, 0, 4);
    }

    [Fact]
    public void Time_ends_what_is_held_and_only_that()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        _shard.Reserve("res_2", ("MUG", 1));
        _shard.Commit("res_2");

        _shard.Pass(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.Equal(ReservationStatus.Held, Status("res_1"));
        _shard.Pass(TimeSpan.FromTicks(1));

        Assert.Equal((ReservationStatus.Expired, ReservationStatus.Committed), (Status("res_1"), Status("res_2")));
        Assert.Equal("reservation_not_held", Code(_shard.Commit("res_1")));
        Expect("MUG", 9, 0, 1);
    }

    [Fact]
    public void What_expired_is_there_for_the_next_command_of_the_same_moment()
    {
        _shard.Reserve("res_1", ("CUP", 5));
        _shard.Pass(TimeSpan.FromMinutes(15));
        Assert.IsType<ReservationReply>(_shard.Reserve("res_2", ("CUP", 5)));
    }

    [Fact]
    public void A_reservation_that_is_over_is_kept_for_a_time()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        _shard.Commit("res_1");

        _shard.Pass(Reservation.Retention - TimeSpan.FromTicks(1));
        Assert.Equal(ReservationStatus.Committed, Status("res_1"));
        _shard.Pass(TimeSpan.FromTicks(1));

        Assert.Equal("reservation_not_found", Code(_shard.Ask(new FindReservation(Merchant, "res_1"))));
        Expect("MUG", 6, 0, 4);
    }

    [Fact]
    public void Another_merchants_reservation_is_not_found()
    {
        _shard.Reserve("res_1", ("MUG", 4));
        Assert.Equal("reservation_not_found", Code(_shard.Do(new CommitReservation("demo2", "res_1"))));
    }

    [Fact]
    public void A_page_leaves_out_what_is_not_decided_and_still_fills()
    {
        _shard.Reserve("res_1", ("MUG", 1));
        _shard.Do(new Reserve("res_2", Merchant, Lines(("MUG", 1)), [new PartPlan(1, Lines(("PAN", 1)))], TimeSpan.FromMinutes(1)));
        _shard.Reserve("res_3", ("MUG", 1));

        var page = Assert.IsType<ReservationPage>(_shard.Ask(new ListReservations(Merchant, null, 2)));

        Assert.Equal(["res_1", "res_3"], page.Reservations.Select(reservation => reservation.Id));
    }
}
