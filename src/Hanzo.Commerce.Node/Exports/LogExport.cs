using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Registers;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Exports;

/// <summary>
/// Reads a range of an origin's log. An entry never changes and is the same on every node, so a range has the same rows
/// whenever and wherever it is read, and whoever was interrupted asks again from the last number it has.
/// </summary>
internal sealed class LogExport(Store store)
{
    private const int BatchEntries = 500;

    /// <summary>What this node has of each origin's log: the first number that is still kept, and the last that is there.</summary>
    public IEnumerable<(ReplicaId Origin, long First, long Last)> Ranges() =>
        from applied in store.Vector.Entries
        select (applied.Key, store.Look(reader => reader.FirstOf(applied.Key)) ?? applied.Value + 1, applied.Value);

    /// <summary>The rows of the entries after one number up to another, in order.</summary>
    /// <exception cref="InvalidDataException">The log was cut while it was read: what was told so far is not all.</exception>
    public IEnumerable<ExportRow> Rows(ReplicaId origin, long after, long last)
    {
        while (after < last)
        {
            var batch = store.Look(reader => reader.Log(origin, after, (int)Math.Min(BatchEntries, last - after)));
            if (batch is not [var first, ..] || first.Sequence != after + 1)
                throw new InvalidDataException($"Entry {after + 1} of {origin} is no longer kept.");
            foreach (var row in batch.SelectMany(RowsOf))
                yield return row;
            after = batch[^1].Sequence;
        }
    }

    private IEnumerable<ExportRow> RowsOf(LogRow row)
    {
        var entry = LogEntry.Decode(row.Body)!;
        return entry.Changes.Select((change, part) => RowOf(row.Sequence, part, entry.Stamp.WallTime.UtcDateTime, change));
    }

    private ExportRow RowOf(long sequence, int part, DateTime at, LogChange change)
    {
        var collection = store.Collections[change.Key.Collection];
        var told = collection == EventBook.Collection && collection.Decode(change.Delta.Span) is LwwRegister<Text> { HasValue: true } written
            ? EventJson.Read(written.Value.Value)
            : null;
        return new ExportRow
        {
            Sequence = sequence,
            Part = part,
            At = at,
            Collection = collection.Name,
            Key = change.Key.Key,
            Event = told?.Name,
            Session = told?.Session,
            User = told?.User,
            Timestamp = told?.At.UtcDateTime,
            Properties = told is null ? null : EventJson.PropertiesOf(told),
        };
    }
}
