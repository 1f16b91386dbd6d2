using System.Collections.Concurrent;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

public sealed class MembersTests : IDisposable
{
    private static readonly string[] Ids = ["a@1", "b@1", "c@1"];

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-members-").FullName;
    private readonly ConcurrentDictionary<string, RunningGroups> _nodes = [];
    private readonly ConcurrentDictionary<string, bool> _cutOff = [];

    public void Dispose()
    {
        foreach (var node in _nodes.Values)
            node.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Nobody_is_removed_on_the_word_of_one_who_has_just_died()
    {
        foreach (var id in Ids)
            _nodes[id] = Open(id);
        foreach (var node in _nodes.Values)
            node.Start();
        var leader = await Leader();
        var (dies, goes) = (Ids.First(id => id != leader), Ids.Last(id => id != leader));
        Assert.Equal(ProposalFate.Applied, (await _nodes[leader][0].Propose(new byte[1])).Fate);

        _cutOff[dies] = true;
        Assert.Equal(
            $"would have 1 of 2 voters without {Member.NameOf(goes)}, which is no majority: {Member.NameOf(dies)} did not answer within 2000 ms",
            await _nodes[leader][0].Remove(Member.NameOf(goes)));
        Assert.Equal(ProposalFate.Applied, (await _nodes[leader][0].Propose(new byte[1])).Fate);

        // Another may lead by now, where this machine was busy for long.
        _cutOff.Clear();
        while (await _nodes[await Leader()][0].Remove(Member.NameOf(goes)) is not null)
            await Task.Yield();
        Assert.DoesNotContain((await _nodes[await Leader()][0].Status()).Members, status => status.Member.Id == goes);
    }

    private async Task<string> Leader()
    {
        while (true)
        {
            var changed = Task.WhenAny(_nodes.Values.Select(node => node[0].ViewChanged));
            if (_nodes.FirstOrDefault(node => node.Value[0].Leads).Key is { } leader)
                return leader;
            await changed;
        }
    }

    private RunningGroups Open(string id) => new(
        Path.Combine(_directory, id),
        Membership.Of(0, Ids.Select(id => new Member(id, IsVoter: true))),
        new Wire(this, id),
        [new Nothing()],
        options => options with { Self = id, Preferred = "a", Raft = new RaftOptions { ElectionTimeout = TimeSpan.FromSeconds(2) } });

    private sealed class Wire(MembersTests world, string self) : QuietHost
    {
        public override void Send(int shard, string to, Message message)
        {
            if (!world._cutOff.ContainsKey(self) && !world._cutOff.ContainsKey(to))
                world._nodes[to][0].Receive(self, message);
        }

        public override void NoRoom(int shard, IOException why) => throw why;
    }

    private sealed class Nothing : IShardMachine
    {
        public ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at, bool isAnswerWanted) => default;

        public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question) => default;

        public Action<Stream> Save() => _ => { };

        public void Load(Stream from)
        {
        }
    }
}
