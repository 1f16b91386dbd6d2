using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>The keys of the last 24 hours and what they were answered, so that a request that is repeated does nothing twice. Changed in place.</summary>
internal sealed class IdempotencyState
{
    /// <summary>How long a key is answered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly Dictionary<string, KeyRecord> _records = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Id)> _byAge = [];

    public IdempotencyState()
    {
    }

    /// <param name="records">The oldest first.</param>
    public IdempotencyState(IEnumerable<KeyRecord> records)
    {
        foreach (var record in records)
            Add(record);
    }

    public int Count => _records.Count;

    /// <summary>Every record as it is now, the oldest first.</summary>
    public KeyRecord[] Copy() => [.. from used in _byAge where IsFrom(used) select _records[used.Id]];

    public KeyRecord? Find(string id) => _records.GetValueOrDefault(id);

    /// <summary>What a known key is told. Null for a new one.</summary>
    public Reply? Recall(KeyUse use) => Find(use.Id) is { } known ? use.Recall(known.Fingerprint, known.Answer) : null;

    /// <summary>Keeps what a new key came to. <see cref="Underway"/> leaves it open.</summary>
    public void Keep(KeyUse use, Reply reply, DateTimeOffset at) =>
        Add(new KeyRecord(use.Id, use.Fingerprint, at, reply is Underway ? null : reply));

    /// <summary>Answers a key that was left open. Nothing happens when it is answered already or too old to be kept.</summary>
    public void Complete(string id, Reply reply)
    {
        if (reply is Underway || Find(id) is not { Answer: null } open)
            return;
        if (reply is Refused { FreesKey: true })
            _records.Remove(id);
        else
            _records[id] = open with { Answer = reply };
    }

    public void Advance(DateTimeOffset at)
    {
        while (_byAge.TryPeek(out var oldest) && oldest.At + Retention <= at)
        {
            _byAge.Dequeue();
            if (IsFrom(oldest))
                _records.Remove(oldest.Id);
        }
    }

    /// <summary>A key that was freed and used again stands in the queue twice; only the later use counts.</summary>
    private bool IsFrom((DateTimeOffset At, string Id) used) => Find(used.Id)?.At == used.At;

    private void Add(KeyRecord record)
    {
        _records[record.Id] = record;
        _byAge.Enqueue((record.At, record.Id));
    }
}
