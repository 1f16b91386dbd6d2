using System.Buffers.Binary;
using System.Numerics;

namespace Hanzo.Edge.Location;

/// <summary>Place ids by range, in as few bits as the highest of them takes.</summary>
internal sealed class PlaceList
{
    private readonly int bits;
    private readonly int mask;
    private readonly byte[] packed;

    /// <param name="count">How many ranges there are.</param>
    /// <param name="places">How many places there are, <see cref="IPv6Ranges.Deep"/> at most.</param>
    public PlaceList(int count, int places)
    {
        // All bits stand for IPv6Ranges.Deep, which is no place.
        bits = 32 - BitOperations.LeadingZeroCount((uint)places);
        mask = (1 << bits) - 1;
        packed = new byte[((long)count * bits + 7) / 8 + sizeof(uint)]; // four bytes can be read anywhere
    }

    /// <summary>Bytes of the array.</summary>
    public long SizeInBytes => packed.Length;

    /// <summary>The place id of a range.</summary>
    public int this[int range]
    {
        get
        {
            var at = (long)range * bits;
            var place = (int)(BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan((int)(at >> 3))) >> (int)(at & 7)) & mask;
            return place == mask ? IPv6Ranges.Deep : place;
        }
        set
        {
            var at = (long)range * bits;
            var held = packed.AsSpan((int)(at >> 3));
            var cleared = BinaryPrimitives.ReadUInt32LittleEndian(held) & ~((uint)mask << (int)(at & 7));
            BinaryPrimitives.WriteUInt32LittleEndian(held, cleared | (uint)(value & mask) << (int)(at & 7));
        }
    }
}
