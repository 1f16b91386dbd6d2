using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>Appends values to bytes. Whole numbers take 7 bits a byte, least significant first.</summary>
public sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ReplicaTable _replicas;

    internal WireWriter(ReplicaTable? replicas = null) => _replicas = replicas ?? ReplicaTable.Empty;

    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
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
    public void Fixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    /// <summary>Length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        _bytes.Write(value);
    }

    /// <summary>Length and UTF-8.</summary>
    /// <exception cref="EncoderFallbackException">The text has half a surrogate pair.</exception>
    public void Text(string value) => Bytes(StrictUtf8.Encoding.GetBytes(value));

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

    internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    internal void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

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
}
