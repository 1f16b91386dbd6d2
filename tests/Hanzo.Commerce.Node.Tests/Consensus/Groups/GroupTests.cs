using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

public sealed class GroupTests : IDisposable
{
    private static readonly Membership Alone = Membership.Of(0, [new Member("a@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-group-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_full_disk_refuses_commands_and_takes_them_again_when_there_is_room()
    {
        var (machine, host) = (new Counting(), new Alarmed());
        var acknowledged = 0;
        using (var node = await Started(host, machine))
        {
            var group = node[0];
            // The next segment gets the kernel's ENOSPC. Preparing it removes the link, so each refusal lays it anew.
            FillDisk();
            ProposalFate fate;
            while ((fate = await Propose(group)) == ProposalFate.Applied)
                acknowledged++;
            Assert.Equal(ProposalFate.NoRoom, fate);
            FillDisk();
            Assert.Equal(ProposalFate.NoRoom, await Propose(group));
            Assert.Equal(2, host.NoRooms);
            Assert.True(group.Leads);
            Assert.True(await group.Confirm());
            Assert.Equal(acknowledged, machine.Applied);

            Assert.Equal(ProposalFate.Applied, await Propose(group));
            acknowledged++;
            Assert.Null(host.Fault);
        }

        var again = new Counting();
        using var restarted = await Started(host, again);
        Assert.True(await restarted[0].Confirm());
        Assert.Equal(acknowledged, again.Applied);
    }

    [Fact]
    public async Task A_leader_that_holds_lets_commands_wait_and_its_state_is_saved_as_of_where_it_stopped()
    {
        var machine = new Counting();
        using var node = await Started(new Alarmed(), machine);
        var group = node[0];
        await Propose(group);
        var at = await group.Hold("one", TimeSpan.FromMinutes(1));
        Assert.NotNull(at);
        Assert.Null(await group.Hold("another", TimeSpan.FromMinutes(1)));
        var waiting = Propose(group);
        var point = await group.SaveAt(at.Value);
        Assert.True(await group.Confirm());
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, machine.Applied);

        Assert.False(await group.Release("another"));
        Assert.True(await group.Release("one"));
        Assert.Equal(ProposalFate.Applied, await waiting);
        using var saved = new MemoryStream();
        (await point.Task)!.Write(saved);
        Assert.Equal(1, saved.ToArray().Single());

        // What went past cannot be saved any more, and a hold that nobody ends ends itself.
        Assert.Null(await (await group.SaveAt(at.Value)).Task);
        Assert.NotNull(await group.Hold("late", TimeSpan.Zero));
        Assert.False(await group.Release("late"));
        Assert.Equal(ProposalFate.Applied, await Propose(group));
    }

    private void FillDisk() => File.CreateSymbolicLink(Path.Combine(ShardLogs.DirectoryOf(_directory, 0), "next.prepared"), "/dev/full");

    private static async Task<ProposalFate> Propose(Group group) => (await group.Propose(new byte[1 << 20])).Fate;

    private Task<RunningGroups> Started(IGroupHost host, params IShardMachine[] machines) => new RunningGroups(_directory, Alone, host, machines).Lead();

    private sealed class Counting : IShardMachine
    {
        public int Applied { get; private set; }

        public ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at, bool isAnswerWanted)
        {
            Applied++;
            return default;
        }

        public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question) => default;

        public Action<Stream> Save()
        {
            var applied = Applied;
            return to => to.WriteByte((byte)applied);
        }

        public void Load(Stream from)
        {
        }
    }

    private sealed class Alarmed : QuietHost
    {
        public int NoRooms { get; private set; }

        public Exception? Fault { get; private set; }

        public override void NoRoom(int shard, IOException why) => NoRooms++;

        public override void Failed(int? shard, Exception fault) => Fault = fault;
    }
}
