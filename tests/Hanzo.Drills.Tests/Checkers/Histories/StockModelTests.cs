using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class StockModelTests
{
    private static readonly StockAnswer Done = new(true);
    private static readonly StockAnswer Refused = new(false);

    private static Past<StockCall, StockAnswer> Past => new();

    private static StockCall Read => new StockCall.Read();

    private static StockCall.Take Take(long units) => new StockCall.Take(units);

    private static StockCall.Give Give(long units) => new StockCall.Give(units);

    private static Outcome OutcomeOf(long first, Past<StockCall, StockAnswer> past) =>
        LinearizabilityChecker.Check(new StockModel(first), past.Operations).Outcome;

    [Fact]
    public void The_last_unit_goes_to_one_of_two() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(1, Past.Answered(0, 5, Take(1), Done).Answered(1, 4, Take(1), Refused)));

    [Fact]
    public void The_last_unit_that_went_to_both_is_oversold() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(1, Past.Answered(0, 5, Take(1), Done).Answered(1, 4, Take(1), Done)));

    [Fact]
    public void A_refusal_while_units_are_there_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(2, Past.Answered(0, 5, Take(1), Done).Answered(1, 4, Take(1), Refused)));

    [Fact]
    public void A_refusal_is_explained_by_a_take_whose_answer_nobody_saw() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(1, Past.Unseen(0, Take(1)).Answered(1, 4, Take(1), Refused)));

    [Fact]
    public void A_delivery_makes_room_only_once_it_may_have_come()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(0, Past.Answered(0, 9, Give(1), Done).Answered(1, 4, Take(1), Done)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(0, Past.Answered(0, 1, Take(1), Done).Answered(2, 3, Give(1), Done)));
    }

    [Fact]
    public void What_an_answer_says_is_left_must_be_so()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(5, Past.Answered(0, 1, Take(2), new(true, 3)).Answered(2, 3, Read, new(true, 3))));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(5, Past.Answered(0, 1, Take(2), new(true, 4))));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(5, Past.Answered(0, 1, Take(2), Done).Answered(2, 3, Read, new(true, 5))));
    }
}
