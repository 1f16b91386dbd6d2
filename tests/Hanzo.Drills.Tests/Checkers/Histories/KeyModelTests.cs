using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class KeyModelTests
{
    private static Past<KeyModel.Request, KeyAnswer> Sent(params string[] digests)
    {
        var past = new Past<KeyModel.Request, KeyAnswer>();
        for (var i = 0; i < digests.Length; i++)
            past.Answered(2 * i, 2 * i + 1, new KeyModel.Request(), new KeyAnswer(digests[i]));
        return past;
    }

    [Fact]
    public void A_key_has_one_answer_however_often_it_is_sent() =>
        Assert.Equal(Outcome.Linearizable, LinearizabilityChecker.Check(new KeyModel(), Sent("a", "a", "a").Operations).Outcome);

    [Fact]
    public void A_key_with_two_answers_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, LinearizabilityChecker.Check(new KeyModel(), Sent("a", "b").Operations).Outcome);

    [Fact]
    public void An_answer_that_nobody_saw_may_be_the_first() =>
        Assert.Equal(Outcome.Linearizable, LinearizabilityChecker.Check(new KeyModel(), Sent("a", "a").Unseen(0, new KeyModel.Request()).Operations).Outcome);
}
