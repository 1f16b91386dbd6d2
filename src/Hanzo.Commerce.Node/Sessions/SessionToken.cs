using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>
/// What a client has seen, as it carries it from region to region: opaque, signed, under 256 characters. Version, then an
/// origin and a sequence number each, then the beginning of an HMAC-SHA256; base64url.
/// </summary>
internal static class SessionToken
{
    /// <summary>Origins in a token. What every member has is left out, so there are seldom more than members.</summary>
    private const int MostOrigins = 12;

    private const byte Version = 1;
    private const int Entry = 14;
    private const int SignatureSize = 12;
    private const int MaxText = 255;

    public static string Write(VersionVector seen, byte[] key)
    {
        var entries = seen.Entries.Length <= MostOrigins
            ? seen.Entries.AsEnumerable()
            // More than a cluster ever has: those that were written to most are the ones in use.
            : seen.Entries.OrderByDescending(pair => pair.Value).Take(MostOrigins);
        Span<byte> bytes = stackalloc byte[1 + MostOrigins * Entry + SignatureSize];
        bytes[0] = Version;
        var length = 1;
        foreach (var (origin, sequence) in entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[length..], origin.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(length + 8)..], (uint)sequence);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(length + 12)..], (ushort)(sequence >> 32));
            length += Entry;
        }
        Sign(bytes[..length], key, bytes[length..]);
        return Base64Url.EncodeToString(bytes[..(length + SignatureSize)]);
    }

    /// <summary>What a token says was seen, or null when this is no token of this cluster.</summary>
    public static VersionVector? Read(string text, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[MaxText];
        if (text.Length > MaxText || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length < 1 + SignatureSize || (length - 1 - SignatureSize) % Entry != 0 || bytes[0] != Version)
            return null;
        var signed = bytes[..(length - SignatureSize)];
        Span<byte> expected = stackalloc byte[SignatureSize];
        Sign(signed, key, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[signed.Length..length]))
            return null;
        var seen = new List<KeyValuePair<ReplicaId, long>>();
        for (var at = 1; at < signed.Length; at += Entry)
        {
            var sequence = BinaryPrimitives.ReadUInt32LittleEndian(signed[(at + 8)..]) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(signed[(at + 12)..]) << 32);
            if (sequence == 0)
                return null;
            seen.Add(KeyValuePair.Create(new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(signed[at..])), sequence));
        }
        return VersionVector.Of(seen);
    }

    private static void Sign(ReadOnlySpan<byte> bytes, byte[] key, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, whole);
        whole[..SignatureSize].CopyTo(signature);
    }
}
