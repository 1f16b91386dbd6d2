using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// UUIDs of version 7 (RFC 9562, 5.7), of which the first 48 bits are the time: ids in whose order rows were made. Their other bits
/// are asked of the system for many at once, where <see cref="Guid.CreateVersion7()"/> asks it for each.
/// </summary>
internal static class Unique
{
    private const int Length = 16;

    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_used;

    public static Guid At(DateTimeOffset time)
    {
        var random = t_random ??= new byte[64 * Length];
        if (t_used == 0)
            RandomNumberGenerator.Fill(random);
        var octets = random.AsSpan(t_used, Length);
        t_used = (t_used + Length) % random.Length;
        BinaryPrimitives.WriteUInt16BigEndian(octets[4..], (ushort)time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)(time.ToUnixTimeMilliseconds() >> 16));
        octets[6] = (byte)(octets[6] & 0x0f | 0x70);
        octets[8] = (byte)(octets[8] & 0x3f | 0x80);
        return new Guid(octets, bigEndian: true);
    }
}
