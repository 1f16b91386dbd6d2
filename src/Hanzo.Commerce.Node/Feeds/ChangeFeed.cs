using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Feeds;

/// <summary>
/// What all origins changed, read from their logs as this node has them. Of what is here, a change comes after those that
/// its writer had seen: hybrid times say so. What arrives later comes later, whatever its time.
/// </summary>
internal sealed class ChangeFeed(Store store)
{
    /// <summary>The position after everything that is here.</summary>
    public VersionVector Now => store.Vector;

    /// <summary>The position before everything that the logs still hold.</summary>
    public VersionVector Oldest() => store.Look(reader => VersionVector.Of(store.Vector.Entries
        .Select(applied => KeyValuePair.Create(applied.Key, reader.FirstOf(applied.Key) is { } first ? first - 1 : applied.Value))
        .Where(before => before.Value > 0)));

    /// <summary>The next entries after a position, or null when a log no longer holds the first of them.</summary>
    /// <param name="limit">How many entries at most.</param>
    public async ValueTask<IReadOnlyList<FeedEntry>?> After(VersionVector position, int limit)
    {
        await SocketThread.Leave();
        var entries = new List<(ReplicaId Origin, long Sequence, LogEntry Entry)>();
        foreach (var (origin, applied) in store.Vector.Entries)
        {
            var read = position[origin];
            if (read >= applied)
                continue;
            var rows = store.Look(reader => reader.Log(origin, read, limit));
            if (rows is not [var first, ..] || first.Sequence != read + 1)
                return null;
            entries.AddRange(rows.Select(row => (origin, row.Sequence, LogEntry.Decode(row.Body)!)));
        }
        entries.Sort((a, b) => (a.Entry.Stamp, a.Origin, a.Sequence).CompareTo((b.Entry.Stamp, b.Origin, b.Sequence)));
        return [.. entries.Take(limit).Select(entry => new FeedEntry(entry.Origin, entry.Sequence, entry.Entry, position = position.With(entry.Origin, entry.Sequence)))];
    }

    /// <summary>Waits until something is here that is not before the position. False when that takes too long.</summary>
    public async Task<bool> Comes(VersionVector position, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var next = store.NextChange;
            if (!position.Covers(store.Vector))
                return true;
            var left = within - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return false;
            try
            {
                await next.WaitAsync(left, time, cancellation);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}

/// <summary>One transaction of one origin.</summary>
/// <param name="Position">After it.</param>
internal sealed record FeedEntry(ReplicaId Origin, long Sequence, LogEntry Entry, VersionVector Position)
{
    public HybridTime Stamp => Entry.Stamp;
}
