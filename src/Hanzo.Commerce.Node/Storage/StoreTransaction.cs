using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The changes that share one commit. Callers run one after another, each sees what those before it did, and what a caller
/// staged counts only when it returned: one that throws leaves nothing behind.
/// </summary>
internal sealed class StoreTransaction(CollectionSet collections, ReplicaId self, Func<StoreKey, Row> readRow, Func<HybridTime> nextStamp)
{
    private readonly Dictionary<StoreKey, StagedRow> _rows = [];
    private readonly Dictionary<StoreKey, StagedRow> _rowsOfCaller = [];
    private readonly List<LogRow> _log = [];
    private readonly List<LogRow> _logOfCaller = [];
    private readonly List<LogChange> _changes = [];
    private readonly List<(ReplicaId Origin, long Sequence)> _skipped = [];
    private readonly List<(ReplicaId Origin, long Sequence)> _skippedOfCaller = [];
    private VersionVector _vectorOfCaller = VersionVector.Empty;
    private HybridTime? _stamp;

    /// <summary>The origin of what is changed here.</summary>
    public ReplicaId Self => self;

    /// <summary>Hybrid logical time of the caller's changes, later than everything applied so far.</summary>
    public HybridTime Stamp => _stamp ??= nextStamp();

    /// <summary>How far each origin is applied, with what is staged.</summary>
    public VersionVector Vector { get; private set; } = VersionVector.Empty;

    public IReadOnlyDictionary<StoreKey, StagedRow> Rows => _rows;

    public ReadOnlySpan<LogRow> Log => CollectionsMarshal.AsSpan(_log);

    /// <summary>Up to where an origin's log was passed over: what is older would leave a hole in it.</summary>
    public IReadOnlyList<(ReplicaId Origin, long Sequence)> Skipped => _skipped;

    /// <summary>The state of a row, or null when there is none.</summary>
    public object? Read(ICollection collection, string key) => Staged(new StoreKey(collection.Id, key)).State;

    /// <summary>Changes a replicated row.</summary>
    /// <param name="state">What the row becomes.</param>
    /// <param name="delta">What other nodes merge to come to the same.</param>
    public void Write(ICollection collection, string key, object state, object delta)
    {
        Stage(collection, key, state);
        _changes.Add(new LogChange(new StoreKey(collection.Id, key), collection.Encode(delta)));
    }

    /// <summary>Changes a row that every node derives by itself.</summary>
    public void Derive(ICollection collection, string key, object state) => Stage(collection, key, state);

    /// <summary>Applies the next entry of another origin's log. What was applied before is passed over.</summary>
    public ApplyOutcome Apply(ReplicaId origin, long sequence, ReadOnlyMemory<byte> body)
    {
        var applied = _vectorOfCaller[origin];
        if (sequence <= applied)
            return ApplyOutcome.Known;
        if (sequence > applied + 1)
            return ApplyOutcome.Gap;
        if (LogEntry.Decode(body) is not { } entry || Decode(entry) is not { } deltas)
            return ApplyOutcome.Malformed;

        foreach (var (collection, key, delta) in deltas)
            Merge(collection, key, delta);
        _logOfCaller.Add(new LogRow(origin, sequence, body));
        _vectorOfCaller = _vectorOfCaller.With(origin, sequence);
        return ApplyOutcome.Applied;
    }

    /// <summary>Joins a row with what another node holds, outside of any log. True when that changed something here.</summary>
    public bool Merge(ICollection collection, string key, object delta)
    {
        var before = Staged(new StoreKey(collection.Id, key)).State;
        var after = collection.Merge(before, delta);
        if (ReferenceEquals(before, after))
            return false;
        Stage(collection, key, after);
        return true;
    }

    /// <summary>Takes over how far another node is, with whose state this one has been joined.</summary>
    public void Advance(VersionVector seen)
    {
        foreach (var (origin, sequence) in seen.Beyond(_vectorOfCaller).Entries)
            _skippedOfCaller.Add((origin, sequence));
        _vectorOfCaller = _vectorOfCaller.Join(seen);
    }

    internal void BeginBatch(VersionVector vector)
    {
        _rows.Clear();
        _log.Clear();
        _skipped.Clear();
        Vector = vector;
    }

    internal void BeginCaller()
    {
        _rowsOfCaller.Clear();
        _logOfCaller.Clear();
        _changes.Clear();
        _skippedOfCaller.Clear();
        _vectorOfCaller = Vector;
        _stamp = null;
    }

    /// <summary>Takes the caller's changes into the batch.</summary>
    internal void EndCaller()
    {
        if (_changes.Count > 0)
        {
            var sequence = _vectorOfCaller[self] + 1;
            var body = new LogEntry(Stamp, [.. _changes]).Encode();
            if (body.Length > LogEntry.MaxSize)
                throw new InvalidOperationException($"A change of {body.Length} bytes is larger than a log entry may be.");
            _logOfCaller.Add(new LogRow(self, sequence, body));
            _vectorOfCaller = _vectorOfCaller.With(self, sequence);
        }
        foreach (var (key, row) in _rowsOfCaller)
            _rows[key] = row;
        _log.AddRange(_logOfCaller);
        _skipped.AddRange(_skippedOfCaller);
        Vector = _vectorOfCaller;
    }

    private ImmutableArray<(ICollection Collection, string Key, object Delta)>? Decode(LogEntry entry)
    {
        var deltas = ImmutableArray.CreateBuilder<(ICollection, string, object)>(entry.Changes.Length);
        foreach (var (key, delta) in entry.Changes)
        {
            if (collections.Replicated(key.Collection) is not { } collection || collection.Decode(delta.Span) is not { } decoded)
                return null;
            deltas.Add((collection, key.Key, decoded));
        }
        return deltas.MoveToImmutable();
    }

    private void Stage(ICollection collection, string key, object state)
    {
        var storeKey = new StoreKey(collection.Id, key);
        var row = Staged(storeKey);
        _rowsOfCaller[storeKey] = row with { State = state, IsChanged = true };
        collection.Changed(this, key, row.State, state);
    }

    private StagedRow Staged(StoreKey key)
    {
        if (_rowsOfCaller.TryGetValue(key, out var staged) || _rows.TryGetValue(key, out staged))
            return staged;
        var row = readRow(key);
        return CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _) = new StagedRow(row.State, row.Digest, false);
    }
}

/// <summary>A row as a batch will leave it.</summary>
/// <param name="DigestBefore">Of the row as it is on disk.</param>
internal readonly record struct StagedRow(object? State, ulong DigestBefore, bool IsChanged);

/// <summary>An entry of an origin's log.</summary>
internal readonly record struct LogRow(ReplicaId Origin, long Sequence, ReadOnlyMemory<byte> Body);

internal enum ApplyOutcome
{
    Applied,

    /// <summary>It was applied before.</summary>
    Known,

    /// <summary>Entries before it are missing.</summary>
    Gap,

    /// <summary>Nothing of it was applied.</summary>
    Malformed,
}
