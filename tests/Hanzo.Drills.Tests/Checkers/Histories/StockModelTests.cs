using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class StockModelTests
{
    private static readonly StockAnswer Done = new(true);
    private static readonly StockAnswer Refused = new(false);

    private static StockCall Read => new StockCall.Read();

    private static StockCall.Put Put(long units, long? version = null) => new StockCall.Put(units, version);

    private static StockCall.Hold Hold(long units) => new StockCall.Hold(units);

    private static StockCall.Commit Commit(long units) => new StockCall.Commit(units);

    private static StockAnswer Saw(long onHand, long held, long committed, long version) => new(true, new StockFacts(onHand, held, committed, version));

    /// <summary>A SKU with so many units.</summary>
    private static Past<StockCall, StockAnswer> Of(long units) => new Past<StockCall, StockAnswer>().Answered(-2, -1, Put(units), Done);

    private static Outcome OutcomeOf(Past<StockCall, StockAnswer> past) => LinearizabilityChecker.Check(new StockModel(), past.Operations).Outcome;

    [Fact]
    public void The_last_unit_goes_to_one_of_two() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(1).Answered(0, 5, Hold(1), Done).Answered(1, 4, Hold(1), Refused)));

    [Fact]
    public void The_last_unit_that_went_to_both_is_oversold() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(1).Answered(0, 5, Hold(1), Done).Answered(1, 4, Hold(1), Done)));

    [Fact]
    public void A_refusal_while_units_are_there_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(2).Answered(0, 5, Hold(1), Done).Answered(1, 4, Hold(1), Refused)));

    [Fact]
    public void A_refusal_is_explained_by_a_hold_whose_answer_nobody_saw() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(1).Unseen(0, Hold(1)).Answered(1, 4, Hold(1), Refused)));

    [Fact]
    public void A_delivery_makes_room_only_once_it_may_have_come()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(0).Answered(0, 9, new StockCall.Adjust(1), Done).Answered(1, 4, Hold(1), Done)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(0).Answered(0, 1, Hold(1), Done).Answered(2, 3, new StockCall.Adjust(1), Done)));
    }

    [Fact]
    public void Units_that_are_committed_leave_the_hand_once()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(5).Answered(0, 1, Hold(2), Done).Answered(2, 3, Commit(2), Done).Answered(4, 5, Read, Saw(3, 0, 2, 3))));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 1, Hold(2), Done).Answered(2, 3, Commit(2), Done).Answered(4, 5, Read, Saw(1, 0, 4, 4))));
    }

    [Fact]
    public void Units_that_are_released_can_be_held_again() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(1).Answered(0, 1, Hold(1), Done).Answered(2, 3, new StockCall.Release(1), Done).Answered(4, 5, Hold(1), Done)));

    [Fact]
    public void A_lost_commit_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 1, Hold(2), Done).Answered(2, 3, Commit(2), Done).Answered(4, 5, Read, Saw(5, 2, 0, 2))));

    [Fact]
    public void Of_two_puts_against_one_version_only_one_is_done()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(5).Answered(0, 5, Put(6, 1), Done).Answered(1, 4, Put(7, 1), Refused)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 5, Put(6, 1), Done).Answered(1, 4, Put(7, 1), Done)));
    }

    [Fact]
    public void A_number_without_the_version_it_was_counted_against_is_refused()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Of(5).Answered(0, 1, Put(6), Refused)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 1, Put(6), Done)));
    }

    [Fact]
    public void Stock_that_vanished_is_found() => Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 1, Read, Refused)));

    [Fact]
    public void Units_that_are_held_cannot_be_counted_away() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Of(5).Answered(0, 1, Hold(3), Done).Answered(2, 3, new StockCall.Adjust(-3), Done)));
}
