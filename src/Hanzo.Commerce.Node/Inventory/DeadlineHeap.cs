using System.Buffers;
using System.Collections;
using System.Text;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Deadlines, the earliest first. A heap with four children a node, which most deadlines join at its end since they are made
/// in the order of their times. It lies in pages and the keys beside it as octets, so that all of it can be held as it is at a
/// moment and a collector finds nothing to move.
/// </summary>
internal sealed class DeadlineHeap
{
    private const int Children = 4;

    private readonly Pages<Due> _heap = new();
    private readonly PackedRows _keys = new();
    private readonly ArrayBufferWriter<byte> _key = new(128);

    /// <summary>When the first one is.</summary>
    public DateTimeOffset? FirstAt => _heap.Count == 0 ? null : _heap[0].At;

    /// <summary>Every deadline as it is now, whatever becomes of the heap.</summary>
    public Moment Hold() => new(_heap.Hold(), _keys.Hold());

    public void Add(Deadline deadline)
    {
        _key.ResetWrittenCount();
        Encoding.UTF8.GetBytes(deadline.Key, _key);
        var due = new Due(deadline.At.UtcTicks, deadline.Kind, _keys.Add(_key.WrittenSpan, []));
        _heap.Add(due);
        var place = _heap.Count - 1;
        while (place > 0 && (place - 1) / Children is var parent && due.CompareTo(_heap[parent], _keys) < 0)
        {
            _heap[place] = _heap[parent];
            place = parent;
        }
        _heap[place] = due;
    }

    /// <summary>Takes the first one out. There must be one.</summary>
    public Deadline RemoveFirst()
    {
        var first = _heap[0];
        var removed = first.Of(_keys);
        var last = _heap.RemoveLast();
        if (_heap.Count > 0)
            _heap[PlaceFromTheTop(last)] = last;
        _keys.Remove(first.Key);
        return removed;
    }

    /// <summary>Moves up what is earlier than <paramref name="last"/>.</summary>
    private int PlaceFromTheTop(Due last)
    {
        var place = 0;
        while (EarliestChild(place) is { } child && _heap[child].CompareTo(last, _keys) < 0)
        {
            _heap[place] = _heap[child];
            place = child;
        }
        return place;
    }

    private int? EarliestChild(int parent)
    {
        var first = parent * Children + 1;
        if (first >= _heap.Count)
            return null;
        var earliest = first;
        for (var child = first + 1; child < Math.Min(first + Children, _heap.Count); child++)
        {
            if (_heap[child].CompareTo(_heap[earliest], _keys) < 0)
                earliest = child;
        }
        return earliest;
    }

    /// <summary>A deadline whose key lies elsewhere.</summary>
    /// <param name="Ticks">In UTC.</param>
    /// <param name="Key">Its number.</param>
    internal readonly record struct Due(long Ticks, DeadlineKind Kind, int Key)
    {
        public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

        public Deadline Of(IKeyedRows keys) => new(At, Kind, Encoding.UTF8.GetString(keys.KeyOf(Key)));

        /// <summary>By time, then by what cannot be equal, so that every replica takes them in one order; keys by their UTF-8.</summary>
        public int CompareTo(Due other, IKeyedRows keys) =>
            Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks)
            : Kind != other.Kind ? Kind.CompareTo(other.Kind)
            : keys.KeyOf(Key).SequenceCompareTo(keys.KeyOf(other.Key));
    }

    /// <summary>The deadlines of a moment, the earliest first.</summary>
    internal sealed class Moment(IEnumerable<Due> heap, PackedRows.Moment keys) : IEnumerable<Deadline>
    {
        public IEnumerator<Deadline> GetEnumerator() =>
            heap.Order(Comparer<Due>.Create((one, other) => one.CompareTo(other, keys))).Select(due => due.Of(keys)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
