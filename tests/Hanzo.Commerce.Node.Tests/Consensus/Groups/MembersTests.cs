using System.Collections.Concurrent;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

public sealed class MembersTests : IDisposable
{
    private static readonly string[] Ids = ["a@1", "b@1", "c@1"];

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-members-").FullName;
    private readonly ConcurrentDictionary<string, Group> _groups = [];
    private readonly ConcurrentDictionary<string, bool> _cutOff = [];

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Nobody_is_removed_on_the_word_of_one_who_has_just_died()
    {
        foreach (var id in Ids)
            _groups[id] = Open(id);
        foreach (var group in _groups.Values)
            group.Start();
        var leader = await Leader();
        var (dies, goes) = (Ids.First(id => id != leader), Ids.Last(id => id != leader));
        Assert.Equal(ProposalFate.Applied, (await _groups[leader].Propose(new byte[1])).Fate);

        _cutOff[dies] = true;
        Assert.Equal(
            $"would have 1 of 2 voters without {Member.NameOf(goes)}, which is no majority: {Member.NameOf(dies)} did not answer within 2000 ms",
            await _groups[leader].Remove(Member.NameOf(goes)));
        Assert.Equal(ProposalFate.Applied, (await _groups[leader].Propose(new byte[1])).Fate);

        // Another may lead by now, where this machine was busy for long.
        _cutOff.Clear();
        while (await _groups[await Leader()].Remove(Member.NameOf(goes)) is not null)
            await Task.Yield();
        Assert.DoesNotContain((await _groups[await Leader()].Status()).Members, status => status.Member.Id == goes);
    }

    private async Task<string> Leader()
    {
        while (true)
        {
            var changed = Task.WhenAny(_groups.Values.Select(group => group.ViewChanged));
            if (_groups.FirstOrDefault(group => group.Value.Leads).Key is { } leader)
                return leader;
            await changed;
        }
    }

    private Group Open(string id) => new(
        new GroupOptions { Shard = 0, Self = id, Directory = Path.Combine(_directory, id), Preferred = "a", Raft = new RaftOptions { ElectionTimeout = TimeSpan.FromSeconds(2) } },
        Membership.Of(0, Ids.Select(id => new Member(id, IsVoter: true))),
        new Nothing(),
        new Wire(this, id),
        new Random(1),
        TimeProvider.System);

    private sealed class Wire(MembersTests world, string self) : IGroupHost
    {
        public void Send(int shard, string to, Message message)
        {
            if (!world._cutOff.ContainsKey(self) && !world._cutOff.ContainsKey(to))
                world._groups[to].Receive(self, message);
        }

        public void LeaderChanged(int shard, string? leader, long term)
        {
        }

        public void Installed(int shard, string from, long index)
        {
        }

        public void NoRoom(int shard, IOException why) => throw why;

        public void Failed(int shard, Exception fault) => throw new InvalidOperationException("The replica cannot go on.", fault);
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
