using System.Diagnostics.Metrics;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>How far this node and each peer are from each other, read whenever somebody looks.</summary>
internal sealed class PeerGauges
{
    private readonly ReplicationOptions _options;
    private readonly PeerBoard _board;

    public PeerGauges(ReplicationOptions options, PeerBoard board, Store store, IMeterFactory meters)
    {
        (_options, _board) = (options, board);
        var meter = meters.Create("Hanzo.Commerce.Node.Replication.Peers");
        meter.CreateObservableGauge("hanzo_node_peer_up", () => Each((peer, _) => board.IsUp(peer) ? 1 : 0), description: "1 while this node follows the peer and hears of it.");
        meter.CreateObservableGauge("hanzo_node_peer_missing_entries", () => Each((_, told) => Ahead(told, store.Vector)), description: "Log entries that the peer has told of and that are not here.");
        meter.CreateObservableGauge("hanzo_node_peer_owed_entries", () => Each((_, told) => Ahead(store.Vector, told)), description: "Log entries that are here and that the peer has not told to have.");
    }

    private IEnumerable<Measurement<long>> Each(Func<Peer, VersionVector, long> read) => _options.Peers.Select(peer =>
        new Measurement<long>(read(peer, _board.Find(peer.Member)?.Vector ?? VersionVector.Empty), new KeyValuePair<string, object?>("peer", peer.Name)));

    private static long Ahead(VersionVector one, VersionVector other) => one.Entries.Sum(entry => Math.Max(0, entry.Value - other[entry.Key]));
}
