using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>A row of state as it is on disk.</summary>
/// <param name="State">The decoded state; null when there is no such row.</param>
/// <param name="Encoded">The bytes of the state as they are on disk; empty when there is no such row, and where memory keeps the state.</param>
/// <param name="Digest">What the row adds to the digest of its range; 0 when there is no such row.</param>
internal sealed record Row(object? State, byte[] Encoded, ulong Digest)
{
    public static Row None { get; } = new(null, [], 0);

    /// <summary>A digest of key and value: the same on every node that holds the same state.</summary>
    public static ulong DigestOf(StoreKey key, ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> head = stackalloc byte[1 + StoreKey.MaxLength + SHA256.HashSizeInBytes];
        head[0] = key.Collection;
        var length = 1 + Encoding.UTF8.GetBytes(key.Key, head[1..]);
        length += Sha256.Of(value, head[length..]);
        Sha256.Of(head[..length], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
