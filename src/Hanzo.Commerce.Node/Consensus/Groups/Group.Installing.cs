using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>How a replica takes another member's state in place of its own: reading that may take seconds, and keeps no other shard waiting.</summary>
internal sealed partial class Group
{
    /// <summary>Reads the state that came; until that is done and finished, the replica does nothing else.</summary>
    private Task<SnapshotFile>? _arriving;
    private (string From, InstallSnapshot Snapshot) _arrived;

    private void Install(string from, InstallSnapshot snapshot)
    {
        _arrived = (from, snapshot);
        _arriving = PoolThreads.Beside(() => Read((SnapshotFile)snapshot.Content));
        _arriving.ContinueWith(_ => _loop.Put(() => { }), TaskScheduler.Default);
    }

    private SnapshotFile Read(SnapshotFile arrived)
    {
        _saving.Wait();
        var file = arrived.Adopt(_options.Directory);
        file.Read(_machine.Load);
        return file;
    }

    private void FinishInstalling()
    {
        if (_arriving is null)
            return;
        var file = _arriving.GetAwaiter().GetResult();
        _arriving = null;
        _log.Reset(file);
        _applied = file.Index;
        SaveIfAsked();
        foreach (var (index, proposal) in _pending.Where(pending => pending.Key <= file.Index).ToArray())
        {
            _pending.Remove(index);
            proposal.Complete(new ProposalOutcome(ProposalFate.Unknown));
        }
        _core.Installed(_arrived.Snapshot, _arrived.From);
        _host.Installed(_options.Shard, _arrived.From, file.Index);
    }
}
