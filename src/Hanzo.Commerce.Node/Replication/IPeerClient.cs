using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Asks peers for what a link needs: over HTTP/2 in a node, over pipes where schedules are simulated.</summary>
internal interface IPeerClient
{
    /// <summary>The logs of members from a position on, without an end.</summary>
    Task<PeerStream> Pull(Peer peer, VersionVector vector, IReadOnlyCollection<uint> members, CancellationToken cancellation);

    /// <summary>Every row, after a position that they all cover.</summary>
    Task<PeerStream> Snapshot(Peer peer, CancellationToken cancellation);
}
