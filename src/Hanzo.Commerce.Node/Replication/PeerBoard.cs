using System.Collections.Concurrent;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>What this node knows of its peers, from what they tell while it follows them.</summary>
internal sealed class PeerBoard(ReplicationOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<uint, PeerState> _states = [];
    private long _times;

    /// <summary>Another number whenever a peer has told something since.</summary>
    public long Times => Interlocked.Read(ref _times);

    /// <summary>Takes what a peer told: where it stands on its disk.</summary>
    public void Heard(Peer peer, VersionVector vector, HybridTime stamp)
    {
        _states[peer.Member] = new PeerState(vector, stamp, time.GetTimestamp());
        Interlocked.Increment(ref _times);
    }

    /// <summary>A peer said something, whatever.</summary>
    public void Heard(Peer peer) =>
        _states.AddOrUpdate(peer.Member, _ => new PeerState(VersionVector.Empty, default, time.GetTimestamp()), (_, state) => state with { HeardAt = time.GetTimestamp() });

    public void Lost(Peer peer)
    {
        if (_states.TryGetValue(peer.Member, out var state))
            _states.TryUpdate(peer.Member, state with { HeardAt = null }, state);
    }

    public PeerState? Find(uint member) => _states.GetValueOrDefault(member);

    /// <summary>Whether the peer is being followed and has said something of late.</summary>
    public bool IsUp(Peer peer) =>
        Find(peer.Member) is { HeardAt: { } at } && time.GetElapsedTime(at) < options.Silence;

    /// <summary>
    /// Whose logs to ask of a peer: its own; this node's, which it may have lost with its disk; and those of members that
    /// cannot be asked themselves at the moment.
    /// </summary>
    public HashSet<uint> WantedOf(Peer peer) =>
        [peer.Member, Origin.MemberOf(options.Self), .. options.Peers.Where(other => other != peer && !IsUp(other)).Select(other => other.Member)];

    /// <summary>What every member is known to have on its disk: nothing of it has to be kept for them.</summary>
    public VersionVector EverywhereOf(VersionVector here) =>
        options.Peers.Aggregate(here, (common, peer) => common.Meet(Find(peer.Member)?.Vector ?? VersionVector.Empty));
}

/// <summary>What a peer told last.</summary>
/// <param name="Vector">How far it has applied each log, on disk.</param>
/// <param name="Stamp">Its hybrid logical time then: what it wrote before is covered by the vector.</param>
/// <param name="HeardAt">When it said something last; null when the link is down.</param>
internal sealed record PeerState(VersionVector Vector, HybridTime Stamp, long? HeardAt);
