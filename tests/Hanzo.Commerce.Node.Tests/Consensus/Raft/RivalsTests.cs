using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Raft;

public sealed class RivalsTests
{
    private const long AfterEveryDeadline = 5_000;

    private static readonly Membership Founders = Membership.Of(0, [new("n0@0", IsVoter: true), new("n1@0", IsVoter: true), new("n2@0", IsVoter: true)]);

    [Fact]
    public void Two_that_stand_at_once_while_the_third_is_dead_have_a_leader_without_waiting_again()
    {
        var members = new[] { "n1@0", "n2@0" }.ToDictionary(id => id, id => new SimulatedMember(id, new MemoryLog(Founders), new RaftOptions(), new Random(1), 0));
        var onTheWay = members.Values.SelectMany(member => From(member, core => core.Tick(AfterEveryDeadline))).ToList();
        Assert.Equal(2, onTheWay.Count(message => message is { To: not "n0@0", Message: RequestVote { IsPreVote: true } }));

        while (onTheWay.Count > 0)
            onTheWay = [.. onTheWay.Where(message => members.ContainsKey(message.To))
                .SelectMany(message => From(members[message.To], core => core.Step(message.From, message.Message, AfterEveryDeadline)))
                .Where(message => message.Message is RequestVote or VoteReply)];

        Assert.Equal(Role.Leader, members["n1@0"].Core.Role);
        Assert.Equal(Role.Follower, members["n2@0"].Core.Role);
        Assert.Equal(1, members["n1@0"].Core.Term);
    }

    private static List<(string From, string To, Message Message)> From(SimulatedMember member, Action<RaftCore> step) =>
        [.. member.Turn(step, (_, _) => { }).Select(sent => (member.Id, sent.To, sent.Message))];
}
