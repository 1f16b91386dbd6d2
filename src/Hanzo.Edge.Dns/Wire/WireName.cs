using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>
/// Names in wire form: labels led by their length, ended by the empty label (RFC 1035 §3.1). Lower case is taken over the
/// whole name at once: a length byte is at most 63, so it is never mistaken for a letter.
/// </summary>
internal static class WireName
{
    /// <summary>Bytes of a name at most, its ending included (RFC 1035 §2.3.4).</summary>
    public const int MaxLength = 255;

    /// <summary>Labels of a name at most, the empty one left out.</summary>
    public const int MaxLabels = 127;

    /// <summary>Bytes a buffer needs past a name so that eight can be read at any of its places.</summary>
    public const int Slack = 8;

    private const ulong HashSeed = 0x9E37_79B9_7F4A_7C15;
    private const ulong HashFactor = 0xD6E8_FEB8_6659_FD93;

    /// <summary>
    /// Steps over the name at <paramref name="offset"/>, compressed or not. A pointer ends the name and is not followed, so
    /// no chain of pointers can cost anything.
    /// </summary>
    /// <returns>The place after the name, or -1 where it runs out of the message, is too long or has an unknown label type.</returns>
    public static int Skip(ReadOnlySpan<byte> message, int offset)
    {
        var start = offset;
        while ((uint)offset < (uint)message.Length)
        {
            var length = message[offset];
            if (length == 0) return offset + 1;
            if (length >= 0xC0) return offset + 2 <= message.Length ? offset + 2 : -1;
            if (length > 63) return -1;
            offset += length + 1;
            if (offset - start >= MaxLength) return -1;
        }

        return -1;
    }

    /// <summary>
    /// Reads the name at <paramref name="offset"/> into <paramref name="name"/>, following pointers. Each pointer must lead
    /// before the labels that led to it, so a loop ends as an error.
    /// </summary>
    /// <returns>The name's length in <paramref name="name"/>, or -1 where it is not a name. <paramref name="offset"/> moves past it.</returns>
    public static int Read(ReadOnlySpan<byte> message, ref int offset, Span<byte> name)
    {
        var at = offset;
        var floor = offset;
        var after = -1;
        var written = 0;
        while ((uint)at < (uint)message.Length)
        {
            var length = message[at];
            if (length >= 0xC0)
            {
                if (at + 2 > message.Length) return -1;
                if (after < 0) after = at + 2;
                at = BinaryPrimitives.ReadUInt16BigEndian(message[at..]) & 0x3FFF;
                if (at >= floor) return -1;
                floor = at;
                continue;
            }

            if (length > 63 || at + 1 + length > message.Length || written + 1 + length > MaxLength) return -1;
            message.Slice(at, length + 1).CopyTo(name[written..]);
            written += length + 1;
            at += length + 1;
            if (length != 0) continue;
            offset = after < 0 ? at : after;
            return written;
        }

        return -1;
    }

    /// <summary>Finds where each label starts.</summary>
    /// <returns>The number of labels, the empty one left out.</returns>
    public static int Labels(ReadOnlySpan<byte> name, Span<byte> starts)
    {
        var count = 0;
        for (var at = 0; name[at] != 0; at += name[at] + 1) starts[count++] = (byte)at;
        return count;
    }

    /// <summary>Turns ASCII capitals of <paramref name="name"/> into small letters, in place.</summary>
    public static void ToLower(Span<byte> name)
    {
        ref var first = ref MemoryMarshal.GetReference(name);
        var i = 0;
        for (; i + Vector128<byte>.Count <= name.Length; i += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref first, (nuint)i);
            var capitals = Vector128.LessThan(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)26));
            (bytes | (capitals & Vector128.Create((byte)0x20))).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < name.Length; i++)
            if ((uint)(name[i] - 'A') < 26) name[i] |= 0x20;
    }

    /// <summary>The hash of the root: what every name's hash is extended from, label by label from the right.</summary>
    public static ulong RootHash => HashSeed;

    /// <summary>
    /// The hash of a name one label longer than the one hashed as <paramref name="suffix"/>. Read from the right, the hashes
    /// of all suffixes of a name come out on the way, so finding its closest encloser hashes nothing twice.
    /// </summary>
    /// <param name="suffix">The hash of what follows the label.</param>
    /// <param name="name">A lower-case name with <see cref="Slack"/> readable bytes after it.</param>
    /// <param name="label">Where the label starts, its length byte included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong suffix, ReadOnlySpan<byte> name, int label)
    {
        var left = name[label] + 1;
        var hash = suffix;
        ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(name), label);
        for (; left > 0; left -= 8, at = ref Unsafe.Add(ref at, 8))
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref at);
            if (left < 8) word &= (1UL << (left * 8)) - 1;
            hash = (BitOperations.RotateLeft(hash, 5) ^ word) * HashFactor;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
