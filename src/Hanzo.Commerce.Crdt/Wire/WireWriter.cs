using System.Buffers.Binary;
using System.Text;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>Appends values to bytes. Whole numbers take 7 bits a byte, least significant first.</summary>
public sealed class WireWriter
{
    private readonly ReplicaTable _replicas;
    private byte[] _bytes = [];
    private int _length;

    internal WireWriter(ReplicaTable? replicas = null) => _replicas = replicas ?? ReplicaTable.Empty;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        if (_length == _bytes.Length)
            Grow(1);
        _bytes[_length++] = value;
    }

    /// <summary>1 to 10 bytes.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>1 to 10 bytes; small ones of either sign are short.</summary>
    public void Zigzag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    /// <summary>How many follow.</summary>
    public void Count(int value) => Varint((ulong)value);

    /// <summary>Always 8 bytes.</summary>
    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);

    /// <summary>Length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        Raw(value);
    }

    /// <summary>Length and UTF-8.</summary>
    /// <exception cref="EncoderFallbackException">The text has half a surrogate pair.</exception>
    public void Text(string value)
    {
        var length = StrictUtf8.Encoding.GetByteCount(value);
        Count(length);
        StrictUtf8.Encoding.GetBytes(value, Next(length));
    }

    /// <summary>A dot of the context that this store is written with.</summary>
    public void Dot(Dot dot)
    {
        Count(_replicas.IndexOf(dot.Replica));
        Varint((ulong)dot.Number);
    }

    /// <summary>A version vector, or anything of its form.</summary>
    public void Vector(VersionVector vector)
    {
        Count(vector.Entries.Length);
        foreach (var (replica, number) in vector.Entries)
        {
            Fixed(replica.Value);
            Varint((ulong)number);
        }
    }

    /// <summary>A whole state of its own.</summary>
    public void State<T>(T state) where T : class, ICrdt<T>
    {
        var nested = new WireWriter();
        CrdtCodec.Write(nested, state);
        Bytes(nested.Written);
    }

    /// <summary>Makes room for so many more.</summary>
    internal void Reserve(int length)
    {
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, _length + length);
    }

    internal byte[] ToArray() => Written.ToArray();

    internal void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    internal void Context(CausalContext context, ReplicaTable replicas)
    {
        Count(replicas.Count);
        foreach (var replica in replicas.All)
        {
            Fixed(replica.Value);
            Varint((ulong)context.Vector[replica]);
        }
        Count(context.Early.Length);
        foreach (var dot in context.Early)
        {
            Count(replicas.IndexOf(dot.Replica));
            Varint((ulong)dot.Number);
        }
    }

    private Span<byte> Next(int length)
    {
        if (_bytes.Length - _length < length)
            Grow(length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    private void Grow(int length) => Array.Resize(ref _bytes, Math.Max(Math.Max(64, 2 * _bytes.Length), _length + length));
}
