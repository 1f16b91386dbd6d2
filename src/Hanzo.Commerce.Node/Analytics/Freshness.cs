using System.Collections.Concurrent;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Analytics;

/// <summary>Up to when this node has what each node wrote: a figure without that is a figure of nobody knows when.</summary>
internal sealed class Freshness(Store store, PeerBoard board, ReplicationOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<uint, DateTimeOffset> _reached = [];

    /// <summary>Each node with the time up to which its writes are here; null when it was never heard of.</summary>
    public IEnumerable<(string Node, DateTimeOffset? AsOf)> Now()
    {
        yield return (options.Self, time.GetUtcNow());
        var here = store.Vector;
        foreach (var peer in options.Peers)
        {
            if (board.Find(peer.Member) is { } state && state.Stamp != default && here.Covers(state.Vector))
                _reached[peer.Member] = state.Stamp.WallTime;
            yield return (peer.Name, _reached.TryGetValue(peer.Member, out var reached) ? reached : null);
        }
    }
}
