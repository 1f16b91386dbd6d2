using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class ReservationModelTests
{
    private static readonly ReservationAnswer Done = new(true);
    private static readonly ReservationAnswer Refused = new(false);

    private static Past<ReservationCall, ReservationAnswer> Past => new();

    private static Outcome OutcomeOf(Past<ReservationCall, ReservationAnswer> past) => LinearizabilityChecker.Check(new ReservationModel(), past.Operations).Outcome;

    [Fact]
    public void Of_commit_and_release_one_is_done()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Answered(0, 5, ReservationCall.Commit, Done).Answered(1, 4, ReservationCall.Release, Refused)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 5, ReservationCall.Commit, Done).Answered(1, 4, ReservationCall.Release, Done)));
    }

    [Fact]
    public void A_second_commit_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past.Answered(0, 1, ReservationCall.Commit, Done).Answered(2, 3, ReservationCall.Commit, Done)));

    [Fact]
    public void A_commit_that_was_forgotten_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf(Past
            .Answered(0, 1, ReservationCall.Commit, Done).Answered(2, 3, ReservationCall.Read, new(true, ReservationState.Held))));

    [Fact]
    public void A_release_whose_answer_nobody_saw_explains_a_refusal() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(Past.Unseen(0, ReservationCall.Release).Answered(2, 3, ReservationCall.Commit, Refused)));
}
