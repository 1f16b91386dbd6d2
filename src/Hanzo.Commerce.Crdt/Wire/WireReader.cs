using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>
/// Takes values from bytes. The first problem sticks: from then on everything reads as nothing, so that reading ends soon and
/// is judged once, at its end. Counts are checked against the bytes that are left, so that nothing is reserved in vain.
/// </summary>
public sealed class WireReader
{
    /// <summary>A count may be large and what it counts missing: more room is made as it comes.</summary>
    private const int MostReserved = 256;

    private readonly byte[] _bytes;
    private readonly Fault _fault;
    private readonly ReplicaTable _replicas;
    private readonly CausalContext _context;
    private readonly int _end;
    private int _at;

    internal WireReader(byte[] bytes) : this(bytes, 0, bytes.Length, new Fault(), ReplicaTable.Empty, CausalContext.Empty)
    {
    }

    private WireReader(byte[] bytes, int start, int end, Fault fault, ReplicaTable replicas, CausalContext context) =>
        (_bytes, _at, _end, _fault, _replicas, _context) = (bytes, start, end, fault, replicas, context);

    /// <summary>Whether nothing is left, which is also so after a problem.</summary>
    public bool AtEnd => _at == _end || _fault.Problem != DecodeProblem.None;

    internal DecodeProblem Problem => _fault.Problem;

    /// <summary>These bytes are no state.</summary>
    public void Refuse(DecodeProblem problem)
    {
        if (_fault.Problem == DecodeProblem.None)
            _fault.Problem = problem;
    }

    /// <summary>Refuses what stands after the end.</summary>
    public void End()
    {
        if (!AtEnd)
            Refuse(DecodeProblem.Trailing);
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    /// <summary>As <see cref="WireWriter.Varint"/>, in its shortest form.</summary>
    public ulong Varint()
    {
        if (_at < _end && _bytes[_at] < 0x80 && _fault.Problem == DecodeProblem.None)
            return _bytes[_at++];
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next >= 0x80)
                continue;
            if ((next == 0 && shift > 0) || (shift == 63 && next > 1))
                Refuse(DecodeProblem.BadValue);
            return _fault.Problem == DecodeProblem.None ? value : 0;
        }
        Refuse(DecodeProblem.BadValue);
        return 0;
    }

    /// <summary>A number of at most <see cref="long.MaxValue"/>.</summary>
    public long Natural()
    {
        var value = Varint();
        if (value <= long.MaxValue)
            return (long)value;
        Refuse(DecodeProblem.BadValue);
        return 0;
    }

    /// <summary>A number of either sign.</summary>
    public long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>How many follow, each of which takes a byte at least.</summary>
    public int Count()
    {
        var count = Varint();
        if (count <= (ulong)(_end - _at))
            return (int)count;
        Refuse(DecodeProblem.CutShort);
        return 0;
    }

    /// <summary>Always 8 bytes.</summary>
    public ulong Fixed() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Length and bytes.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Count());

    /// <summary>Length and UTF-8.</summary>
    public string Text()
    {
        var bytes = Bytes();
        if (Utf8.IsValid(bytes))
            return StrictUtf8.Encoding.GetString(bytes);
        Refuse(DecodeProblem.BadValue);
        return "";
    }

    /// <summary>A dot of the context that this store is read with.</summary>
    public Dot Dot()
    {
        var (index, dot) = Dot(_replicas);
        // Without gaps the replicas of a context are those of its vector, place by place.
        var isSeen = _context.Early.IsEmpty ? index < _context.Vector.Entries.Length && dot.Number <= _context.Vector.Entries[index].Value : _context.Contains(dot);
        if (!isSeen)
            Refuse(DecodeProblem.Contradicting);
        return dot;
    }

    /// <summary>As <see cref="WireWriter.Vector"/>; nothing at all is an empty one.</summary>
    public VersionVector Vector()
    {
        if (AtEnd)
            return VersionVector.Empty;
        var known = Numbers();
        foreach (var (_, number) in known)
        {
            if (number == 0)
                Refuse(DecodeProblem.BadValue);
        }
        return VersionVector.Of(known);
    }

    /// <summary>Keys must ascend, each be there once.</summary>
    public void Ascending<T>(IReadOnlyList<T> before, T next) where T : IComparable<T>
    {
        if (before.Count > 0)
            Ascending(before[^1], next);
    }

    /// <summary>A whole state of its own.</summary>
    public T State<T>() where T : class, ICrdt<T>
    {
        var nested = Nested();
        var state = nested.AtEnd ? T.Empty : CrdtCodec.Read<T>(nested);
        nested.End();
        return state;
    }

    internal (CausalContext Context, ReplicaTable Replicas) Context()
    {
        if (AtEnd)
            return (CausalContext.Empty, ReplicaTable.Empty);
        var known = Numbers();
        var table = new ReplicaTable(ImmutableArray.CreateRange(known, static entry => entry.Key));
        List<Dot>? early = null;
        for (var left = Count(); left > 0 && !AtEnd; left--)
        {
            var (_, dot) = Dot(table);
            if (early is [.., var before])
                Ascending(before, dot);
            (early ??= []).Add(dot);
        }
        End();
        if (Problem != DecodeProblem.None)
            return (CausalContext.Empty, ReplicaTable.Empty);
        // Of a replica with early dots only nothing need be in the vector.
        var vector = VersionVector.Of(known.RemoveAll(static entry => entry.Value == 0));
        var context = CausalContext.Compact(vector, CollectionsMarshal.AsSpan(early));
        // Every dot must still be early after compacting, and every replica be used: else there would be two ways to write a context.
        if (context.Early.Length != (early?.Count ?? 0) || ReplicaTable.Of(context).Count != table.Count)
            Refuse(DecodeProblem.Contradicting);
        return (context, table);
    }

    /// <summary>How many, and that many keys with their values; keys ascend.</summary>
    internal SortedMap<TKey, TValue> Entries<TKey, TValue>(Func<WireReader, TKey> key, Func<WireReader, TValue> value) where TKey : IComparable<TKey>
    {
        var count = Count();
        if (count == 0)
            return SortedMap<TKey, TValue>.Empty;
        var entries = new KeyValuePair<TKey, TValue>[Math.Min(count, MostReserved)];
        var read = 0;
        for (; read < count && !AtEnd; read++)
        {
            if (read == entries.Length)
                Array.Resize(ref entries, Math.Min(count, 2 * read));
            var next = key(this);
            if (read > 0)
                Ascending(entries[read - 1].Key, next);
            entries[read] = KeyValuePair.Create(next, value(this));
        }
        if (read < entries.Length)
            Array.Resize(ref entries, read);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    internal WireReader Nested()
    {
        var length = Count();
        var start = _at;
        _at += length;
        return new(_bytes, start, start + length, _fault, ReplicaTable.Empty, CausalContext.Empty);
    }

    /// <summary>The same for a store: its dots are of this context.</summary>
    internal WireReader With(CausalContext context, ReplicaTable replicas) => new(_bytes, _at, _end, _fault, replicas, context);

    internal ReadOnlySpan<byte> Rest() => Take(_end - _at);

    internal WireReader Nothing() => new(_bytes, 0, 0, _fault, ReplicaTable.Empty, CausalContext.Empty);

    private void Ascending<T>(T before, T next) where T : IComparable<T>
    {
        if (before.CompareTo(next) >= 0)
            Refuse(DecodeProblem.OutOfOrder);
    }

    /// <summary>A number of each of some replicas.</summary>
    private ImmutableArray<KeyValuePair<ReplicaId, long>> Numbers() => Entries(static from => new ReplicaId(from.Fixed()), static from => from.Natural()).Entries;

    private (int Index, Dot Dot) Dot(ReplicaTable replicas)
    {
        var index = Varint();
        var number = Natural();
        if (index < (ulong)replicas.Count && number > 0)
            return ((int)index, new(replicas.All[(int)index], number));
        Refuse(DecodeProblem.BadValue);
        return default;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_fault.Problem != DecodeProblem.None)
            return [];
        if (_end - _at < length)
        {
            Refuse(DecodeProblem.CutShort);
            return [];
        }
        var bytes = _bytes.AsSpan(_at, length);
        _at += length;
        return bytes;
    }

    private sealed class Fault
    {
        public DecodeProblem Problem { get; set; }
    }
}
