using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Takes what peers send into the store. What cannot be right is refused before any of it is applied.</summary>
internal sealed class EntryIntake(IReplica store, ReplicationOptions options, ReplicationMetrics metrics, HybridClock clock)
{
    /// <summary>Applies a batch of one origin's entries. Null when that went well, else why the rest was refused.</summary>
    public async Task<string?> Entries(ReadOnlyMemory<byte> content)
    {
        if (Wire.ReadEntries(content) is not { Count: > 0 } rows)
            return Refused("malformed", "a batch of entries cannot be read");
        var origin = rows[0].Origin;
        if (!options.Knows(origin))
            return Refused("unknown_origin", $"no member writes as {origin}");
        var (applied, refusal) = await store.Change(transaction => Apply(transaction, rows));
        metrics.Applied(applied);
        return refusal;
    }

    /// <summary>Merges rows of another node's state. Answers how many changed something here, or why they were refused.</summary>
    public async Task<(int Changed, string? Refusal)> Rows(ReadOnlyMemory<byte> content)
    {
        if (Wire.ReadRows(content) is not { } rows)
            return (0, Refused("malformed", "rows cannot be read"));
        var states = new List<(ICollection Collection, string Key, object State)>(rows.Count);
        foreach (var (key, value) in rows)
        {
            if (store.Collections.Replicated(key.Collection) is not { } collection || collection.Decode(value.Span) is not { } state)
                return (0, Refused("malformed", $"the row {key.Key} of collection {key.Collection} cannot be read"));
            states.Add((collection, key.Key, state));
        }
        var changed = 0;
        // Bounded steps: clients' changes come between them.
        foreach (var step in states.Chunk(256))
            changed += await store.Change(transaction => step.Count(row => transaction.Merge(row.Collection, row.Key, row.State)));
        return (changed, null);
    }

    private (int Applied, string? Refusal) Apply(StoreTransaction transaction, List<LogRow> rows)
    {
        var applied = 0;
        foreach (var row in rows)
        {
            if (row.Sequence > transaction.Vector[row.Origin] && LogEntry.Decode(row.Body) is { } entry && clock.Observe(entry.Stamp) is { } skew)
                return (applied, Refused("clock_skew", $"{row.Origin} wrote entry {row.Sequence} with a clock {skew.TotalSeconds:0.0} s ahead of this one's"));
            switch (transaction.Apply(row.Origin, row.Sequence, row.Body))
            {
                case ApplyOutcome.Applied:
                    applied++;
                    break;
                case ApplyOutcome.Malformed:
                    return (applied, Refused("malformed", $"entry {row.Sequence} of {row.Origin} cannot be read"));
                case ApplyOutcome.Gap:
                    return (applied, Refused("gap", $"entry {row.Sequence} of {row.Origin} came before those it follows"));
            }
        }
        return (applied, null);
    }

    private string Refused(string reason, string detail)
    {
        metrics.Refused(reason);
        return detail;
    }
}
