using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class RegisterModelTests
{
    private static readonly RegisterAnswer Done = new(true);
    private static readonly RegisterAnswer Refused = new(false);

    private static Past<RegisterCall, RegisterAnswer> Past => new();

    private static RegisterCall Read => new RegisterCall.Read();

    private static RegisterCall.Write Write(long value) => new RegisterCall.Write(value);

    private static RegisterCall.CompareAndSet Swap(long expected, long value) => new RegisterCall.CompareAndSet(expected, value);

    private static RegisterAnswer Saw(long value) => new(true, value);

    private static Outcome OutcomeOf(Past<RegisterCall, RegisterAnswer> past) =>
        LinearizabilityChecker.Check(new RegisterModel(), past.Operations).Outcome;

    [Fact]
    public void Reads_after_writes_see_them() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 1, Write(5), Done).Answered(2, 3, Read, Saw(5))));

    [Fact]
    public void A_stale_read_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 1, Write(5), Done).Answered(2, 3, Read, Saw(0))));

    [Fact]
    public void A_read_beside_a_write_may_see_either_value()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 9, Write(5), Done).Answered(2, 3, Read, Saw(0))));
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 9, Write(5), Done).Answered(2, 3, Read, Saw(5))));
    }

    [Fact]
    public void Two_reads_beside_a_write_may_not_see_it_come_and_go() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 9, Write(5), Done).Answered(1, 2, Read, Saw(5)).Answered(3, 4, Read, Saw(0))));

    [Fact]
    public void A_call_at_the_instant_of_an_answer_overlapped_it() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 2, Write(5), Done).Answered(2, 3, Read, Saw(0))));

    [Fact]
    public void A_write_whose_answer_nobody_saw_may_take_effect_late_or_never()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Unseen(0, Write(5)).Answered(10, 11, Read, Saw(0)).Answered(12, 13, Read, Saw(5))));
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Unseen(0, Write(5)).Answered(10, 11, Read, Saw(0))));
    }

    [Fact]
    public void A_write_whose_answer_nobody_saw_takes_effect_once() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past
            .Unseen(0, Write(5)).Answered(10, 11, Read, Saw(5)).Answered(12, 13, Write(6), Done).Answered(14, 15, Read, Saw(5))));

    [Fact]
    public void A_write_takes_no_effect_before_its_call() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 1, Read, Saw(5)).Unseen(2, Write(5))));

    [Fact]
    public void Of_two_swaps_from_one_value_only_one_is_done()
    {
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 9, Swap(0, 1), Done).Answered(0, 9, Swap(0, 2), Done)));
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 9, Swap(0, 1), Done).Answered(0, 9, Swap(0, 2), Refused)));
    }

    [Fact]
    public void A_swap_that_was_refused_with_the_right_value_in_place_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 1, Swap(0, 1), Refused)));
}
