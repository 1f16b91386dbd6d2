using System.Buffers.Binary;
using System.Numerics;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>CRC-32C (RFC 3720, B.4), eight octets at a time where the processor has it.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> octets) => ~Continue(uint.MaxValue, octets);

    /// <param name="state">Of what came before; <see cref="uint.MaxValue"/> at the beginning. The checksum is its complement.</param>
    public static uint Continue(uint state, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        foreach (var octet in octets)
            state = BitOperations.Crc32C(state, octet);
        return state;
    }
}
