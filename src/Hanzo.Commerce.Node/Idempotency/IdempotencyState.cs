using System.Buffers.Binary;
using System.Text;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>
/// The keys of the last 24 hours and what they were answered, so that a request that is repeated does nothing twice. Changed
/// in place. There are many and hardly one is asked for, so they are kept as octets, and with them the reservations that most
/// of them were answered. Other answers stay the objects that they are.
/// </summary>
internal sealed class IdempotencyState
{
    /// <summary>How long a key is answered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly RowWriter _content = new(256);
    private readonly PackedRows _records = new();
    private readonly KeyIndex _index;

    /// <summary>Numbers of the records, the oldest first. One whose key was freed has no content, and keeps its number until its time.</summary>
    private readonly Pages<int> _byAge = new();

    /// <summary>By the record's number; null where the answer is in the record, or there is none.</summary>
    private readonly Pages<Reply?> _answers = new();

    /// <summary>Where the oldest lies in the pages that is not forgotten.</summary>
    private int _oldest;

    public IdempotencyState() => _index = new(_records);

    public int Count => _index.Count;

    /// <summary>Every record as it is now, the oldest first, whatever becomes of them.</summary>
    public IEnumerable<KeyRecord> Hold()
    {
        var (byAge, records, answers) = (_byAge.Hold(), _records.Hold(), _answers.Hold());
        return byAge.Skip(_oldest)
            .Where(number => !records.ContentOf(number).IsEmpty)
            .Select(number => Read(Encoding.UTF8.GetString(records.KeyOf(number)), records.ContentOf(number), answers[number]));
    }

    public bool Contains(string id) => _index.Find(id) is not null;

    public KeyRecord? Find(string id) => _index.Find(id) is { } number ? Read(id, number) : null;

    /// <summary>What a known key is told. Null for a new one.</summary>
    public Reply? Recall(KeyUse use) => Find(use.Id) is { } known ? use.Recall(known.Fingerprint, known.Answer) : null;

    /// <summary>Keeps what a new key came to. <see cref="Underway"/> leaves it open.</summary>
    public void Keep(KeyUse use, Reply reply, DateTimeOffset at) =>
        Add(new KeyRecord(use.Id, use.Fingerprint, at, reply is Underway ? null : reply));

    /// <summary>Answers a key that was left open. Nothing happens when it is answered already or too old to be kept.</summary>
    public void Complete(string id, Reply reply)
    {
        if (reply is Underway || _index.Find(id) is not { } number || Read(id, number) is not { Answer: null } open)
            return;
        if (reply is Refused { FreesKey: true })
        {
            Free(number);
            return;
        }
        _records.Replace(number, Content(open with { Answer = reply }));
        _answers[number] = ObjectOf(reply);
    }

    public void Advance(DateTimeOffset at)
    {
        while (_oldest < _byAge.Count && IsOver(_byAge[_oldest], at))
        {
            Forget(_byAge[_oldest]);
            if (++_oldest == Pages<int>.PageLength)
            {
                _byAge.RemoveFirstPage();
                _oldest = 0;
            }
        }
    }

    public void Add(KeyRecord record)
    {
        // Snapshots of version 1 may hold a key twice that was freed and used again within one instant: the later use counts.
        if (_index.Find(record.Id) is { } before)
            Free(before);
        var number = _records.Add(_index.Octets(record.Id), Content(record));
        _index.Add(number);
        _byAge.Add(number);
        if (number == _answers.Count)
            _answers.Add(ObjectOf(record.Answer));
        else
            _answers[number] = ObjectOf(record.Answer);
    }

    private static Reply? ObjectOf(Reply? answer) => answer is ReservationReply ? null : answer;

    private KeyRecord Read(string id, int number) => Read(id, _records.ContentOf(number), _answers[number]);

    private static KeyRecord Read(string id, ReadOnlySpan<byte> content, Reply? answer)
    {
        var from = new RowReader(content);
        var (at, fingerprint) = (from.Time(), from.Text());
        return new KeyRecord(id, fingerprint, at, from.IsAtEnd ? answer : new ReservationReply(SnapshotCodec.ReadReservation(from)));
    }

    /// <summary>Valid until the next.</summary>
    private ReadOnlySpan<byte> Content(KeyRecord record)
    {
        _content.Clear();
        // Looked at with every entry, where it is.
        _content.Time(record.At);
        _content.Text(record.Fingerprint);
        if (record.Answer is ReservationReply reply)
            SnapshotCodec.Write(_content, reply.Reservation);
        return _content.Written.Span;
    }

    /// <summary>A key that was freed left its place empty.</summary>
    private bool IsOver(int number, DateTimeOffset at) =>
        _records.ContentOf(number) is var content && (content.IsEmpty || BinaryPrimitives.ReadInt64LittleEndian(content) + Retention.Ticks <= at.UtcTicks);

    private void Free(int number)
    {
        _index.Remove(number);
        _records.Replace(number, []);
        _answers[number] = null;
    }

    private void Forget(int number)
    {
        if (!_records.ContentOf(number).IsEmpty)
            _index.Remove(number);
        _records.Remove(number);
        _answers[number] = null;
    }
}
