using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>The keys of the last 24 hours and what they were answered, so that a request that is repeated does nothing twice.</summary>
internal sealed class IdempotencyState
{
    /// <summary>How long a key is answered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly ImmutableDictionary<string, KeyRecord> _records;
    private readonly ImmutableQueue<(DateTimeOffset At, string Id)> _byAge;

    private IdempotencyState(ImmutableDictionary<string, KeyRecord> records, ImmutableQueue<(DateTimeOffset, string)> byAge) =>
        (_records, _byAge) = (records, byAge);

    public static IdempotencyState Empty { get; } = new(ImmutableDictionary<string, KeyRecord>.Empty.WithComparers(StringComparer.Ordinal), []);

    public int Count => _records.Count;

    /// <summary>Every record, the oldest first.</summary>
    public IEnumerable<KeyRecord> Records => from used in _byAge where IsFrom(used) select _records[used.Id];

    /// <param name="records">The oldest first.</param>
    public static IdempotencyState Of(IEnumerable<KeyRecord> records) => records.Aggregate(Empty, (state, record) => state.Add(record));

    public KeyRecord? Find(string id) => _records.GetValueOrDefault(id);

    /// <summary>What a known key is told: its answer, that it is too early, or that the request is another one. Null for a new key.</summary>
    public Reply? Recall(KeyUse use) => Find(use.Id) switch
    {
        null => null,
        var known when known.Fingerprint != use.Fingerprint => new Refused("idempotency_key_reused"),
        { Answer: null } => new Refused("idempotency_key_in_use"),
        { Answer: var answer } => answer,
    };

    /// <summary>Keeps what a new key came to. <see cref="Underway"/> leaves it open.</summary>
    public IdempotencyState Keep(KeyUse use, Reply reply, DateTimeOffset at) =>
        Add(new KeyRecord(use.Id, use.Fingerprint, at, reply is Underway ? null : reply));

    /// <summary>Answers a key that was left open. Nothing happens when it is answered already or too old to be kept.</summary>
    public IdempotencyState Complete(string id, Reply reply) =>
        reply is Underway || Find(id) is not { Answer: null } open ? this
        : reply is Refused { FreesKey: true } ? new(_records.Remove(id), _byAge)
        : new(_records.SetItem(id, open with { Answer = reply }), _byAge);

    public IdempotencyState Advance(DateTimeOffset at)
    {
        var (records, byAge) = (_records, _byAge);
        while (!byAge.IsEmpty && byAge.Peek() is var oldest && oldest.At + Retention <= at)
        {
            byAge = byAge.Dequeue();
            if (IsFrom(oldest))
                records = records.Remove(oldest.Id);
        }
        return byAge == _byAge ? this : new(records, byAge);
    }

    /// <summary>A key that was freed and used again stands in the queue twice; only the later use counts.</summary>
    private bool IsFrom((DateTimeOffset At, string Id) used) => Find(used.Id)?.At == used.At;

    private IdempotencyState Add(KeyRecord record) => new(_records.SetItem(record.Id, record), _byAge.Enqueue((record.At, record.Id)));
}
