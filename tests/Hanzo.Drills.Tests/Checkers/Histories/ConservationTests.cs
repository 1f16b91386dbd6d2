using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class ConservationTests
{
    private static readonly HistoryLine[] Lines =
    [
        Line(1, "put", 20), Line(2, "hold", 3), Line(3, "hold", 2), Line(4, "hold", 9, CallOutcome.Refused),
        Line(5, "commit", 3), Line(6, "release", 2), Line(7, "adjust", -1), Line(8, "hold", 4), Read(9, new StockFacts(16, 4, 3, 8)),
    ];

    [Fact]
    public void Everything_that_was_done_and_nothing_else_is_found_at_the_last_reading() => Assert.Null(Conservation.WhyNot(Lines));

    [Theory]
    [InlineData(1, "a hold that was lost")]
    [InlineData(4, "a commit that was lost")]
    [InlineData(6, "an adjustment that was lost")]
    public void What_was_acknowledged_and_is_not_there_does_not_add_up(int acknowledged, string what) =>
        Assert.True(Conservation.WhyNot([.. Lines, Lines[acknowledged]]) is not null, what);

    [Fact]
    public void What_happened_twice_does_not_add_up() =>
        Assert.Equal("on hand 16, held 8, committed 3; what was done comes to 16, 4 and 3", Conservation.WhyNot([.. Lines, Read(10, new StockFacts(16, 8, 3, 9))]));

    [Fact]
    public void Nothing_adds_up_that_was_not_answered_or_not_read()
    {
        Assert.Equal("hold of client 0 at 8 has no answer", Conservation.WhyNot([.. Lines[..7], Lines[7] with { Outcome = CallOutcome.Unknown }, Lines[8]]));
        Assert.Equal("it was not read at the end", Conservation.WhyNot(Lines[..8]));
        Assert.Equal(Outcome.NotLinearizable, Assert.Single(HistoryCheck.Of(Lines[..8])).Outcome);
        Assert.Equal(Outcome.Linearizable, Assert.Single(HistoryCheck.Of(Lines)).Outcome);
    }

    private static HistoryLine Read(long at, StockFacts facts) => Line(at, "read", null) with { Stock = facts };

    private static HistoryLine Line(long at, string call, long? amount, CallOutcome outcome = CallOutcome.Done) =>
        new() { Client = 0, Object = "ledger/A", Call = call, Amount = amount, Called = at, Answered = at, Outcome = outcome };
}
