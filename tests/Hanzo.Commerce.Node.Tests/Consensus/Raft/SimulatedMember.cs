using System.Text;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Raft;

/// <summary>A core, its log, and a state that is the list of the commands applied.</summary>
internal sealed class SimulatedMember(string id, MemoryLog log, RaftOptions options, Random random, long now)
{
    public string Id => id;

    public MemoryLog Log => log;

    public RaftCore Core { get; } = new(id, log, options, preferred: null, random, now);

    public List<string> State { get; } = [.. (string[])log.SnapshotContent];

    public long Applied { get; private set; } = log.SnapshotIndex;

    public bool IsUp { get; set; } = true;

    /// <summary>A turn as the real replica takes it; what is to be sent is returned in order.</summary>
    /// <param name="crashBeforeSync">The power goes after the first messages left and before the disk had anything.</param>
    public IReadOnlyList<Outgoing> Turn(Action<RaftCore> step, Action<long, string> applied, bool crashBeforeSync = false)
    {
        step(Core);
        if (Core.Arrived is { } snapshot)
        {
            Core.Arrived = null;
            log.Reset(snapshot);
            State.Clear();
            State.AddRange((string[])snapshot.Content);
            Applied = snapshot.Index;
            Core.Installed(snapshot, Core.Leader!);
        }
        Core.Pump();
        var sent = Core.Outbox.Where(outgoing => !outgoing.AfterSync).ToList();
        if (crashBeforeSync)
            return sent;
        log.Sync();
        Core.Synced();
        sent = [.. Core.Outbox.OrderBy(outgoing => outgoing.AfterSync)];
        Core.Outbox.Clear();
        while (Applied < Core.Commit)
        {
            Applied++;
            if (log.At(Applied).Kind != EntryKind.Command)
                continue;
            var command = Encoding.UTF8.GetString(log.At(Applied).Content.Span);
            State.Add(command);
            applied(Applied, command);
        }
        return sent;
    }

    public void SaveSometimes(Random random)
    {
        if (Applied - log.SnapshotIndex > 20 && random.Next(50) == 0)
            log.Save(Applied, [.. State]);
    }
}
