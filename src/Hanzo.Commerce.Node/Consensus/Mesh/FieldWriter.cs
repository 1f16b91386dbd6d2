using System.Buffers.Binary;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Puts one field behind the other.</summary>
internal ref struct FieldWriter(Span<byte> to)
{
    private Span<byte> _left = to;

    public void Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_left, number);
        _left = _left[sizeof(long)..];
    }

    public void Add(byte flags)
    {
        _left[0] = flags;
        _left = _left[1..];
    }

    /// <summary>Length, then octets.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_left, octets.Length);
        octets.CopyTo(_left[sizeof(int)..]);
        _left = _left[(sizeof(int) + octets.Length)..];
    }
}
