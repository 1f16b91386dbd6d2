using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>
/// The keys of the last 24 hours and what they were answered, so that a request that is repeated does nothing twice. Changed
/// in place. The records lie in the order in which they were made, and a hash table says where.
/// </summary>
internal sealed class IdempotencyState
{
    /// <summary>How long a key is answered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);
    private readonly Pages<KeyRecord?> _byAge = new();

    /// <summary>How many records there were before the first that is in the pages.</summary>
    private long _dropped;

    /// <summary>Where the oldest lies in the pages that is not forgotten.</summary>
    private int _oldest;

    public int Count => _places.Count;

    /// <summary>Every record as it is now, the oldest first, whatever becomes of them.</summary>
    public IEnumerable<KeyRecord> Hold() => _byAge.Hold().Skip(_oldest).OfType<KeyRecord>();

    public KeyRecord? Find(string id) => _places.TryGetValue(id, out var place) ? _byAge[(int)(place - _dropped)] : null;

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
        var isFreed = reply is Refused { FreesKey: true };
        _byAge[(int)(_places[id] - _dropped)] = isFreed ? null : open with { Answer = reply };
        if (isFreed)
            _places.Remove(id);
    }

    public void Advance(DateTimeOffset at)
    {
        // A key that was freed left its place empty.
        while (_oldest < _byAge.Count && !(_byAge[_oldest] is { } oldest && oldest.At + Retention > at))
        {
            if (_byAge[_oldest] is { } forgotten)
                _places.Remove(forgotten.Id);
            if (++_oldest == Pages<KeyRecord?>.PageLength)
            {
                _byAge.RemoveFirstPage();
                (_oldest, _dropped) = (0, _dropped + Pages<KeyRecord?>.PageLength);
            }
        }
    }

    public void Add(KeyRecord record)
    {
        // Snapshots of version 1 may hold a key twice that was freed and used again within one instant: the later use counts.
        if (_places.TryGetValue(record.Id, out var before))
            _byAge[(int)(before - _dropped)] = null;
        _places[record.Id] = _dropped + _byAge.Count;
        _byAge.Add(record);
    }
}
