using System.Threading.Channels;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

public sealed class InstallTests : IDisposable
{
    private const string Leader = "b@1";

    private static readonly Membership Members = Membership.Of(0, [new Member("a@1", IsVoter: true), new Member(Leader, IsVoter: true), new Member("c@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-install-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_shard_that_reads_anothers_state_for_long_keeps_no_other_shard_waiting_and_then_takes_what_came_behind_it()
    {
        var (host, reads) = (new Listening(), new Slow());
        using var node = new RunningGroups(_directory, Members, host, [reads, new Slow()]).Start();

        node[0].Receive(Leader, new InstallSnapshot(1, 5, 1, Members, Snapshot(5)));
        node[0].Receive(Leader, Entry(6));
        await reads.Began.Task;
        for (var index = 1; index <= 3; index++)
        {
            node[1].Receive(Leader, Entry(index));
            Assert.Equal((1, index), await host.Accepted());
        }

        reads.MayEnd.SetResult();
        Assert.Equal((0, 5), await host.Accepted());
        Assert.Equal((0, 6), await host.Accepted());
        Assert.Equal(6, (await node[0].Status()).Last);
    }

    private static AppendEntries Entry(long index) => new(1, index - 1, index == 1 ? 0 : 1, 0, 1, [new LogEntry(index, 1, EntryKind.Command, 0, new byte[1])]);

    private SnapshotFile Snapshot(long index) => SnapshotFile.Write(Directory.CreateDirectory(Path.Combine(_directory, "arriving")).FullName, index, 1, Members, to => to.WriteByte(1));

    private sealed class Slow : IShardMachine
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new();

        public ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at, bool isAnswerWanted) => default;

        public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question) => default;

        public Action<Stream> Save() => _ => { };

        public void Load(Stream from)
        {
            Began.SetResult();
            MayEnd.Task.Wait();
        }
    }

    private sealed class Listening : QuietHost
    {
        private readonly Channel<(int Shard, long Index)> _accepted = Channel.CreateUnbounded<(int, long)>();

        public ValueTask<(int Shard, long Index)> Accepted() => _accepted.Reader.ReadAsync();

        public override void Send(int shard, string to, Message message)
        {
            if (message is AppendReply { IsAccepted: true } reply)
                _accepted.Writer.TryWrite((shard, reply.Index));
        }
    }
}
