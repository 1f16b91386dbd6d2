using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>
/// What a client has seen, as it carries it from region to region: opaque, signed, under 256 characters. Version; how many
/// shards, and of each its number and index; an origin and a sequence number each; the beginning of an HMAC-SHA256; base64url.
/// Numbers but origins take seven bits a byte. Version 1 had no shards and sequence numbers of six bytes, and is still read.
/// </summary>
internal static class SessionToken
{
    /// <summary>Shards in a token: those last seen. A cluster has 4 unless it was founded with more.</summary>
    private const int MostShards = 20;

    private const byte Version = 2;
    private const byte VersionWithoutShards = 1;
    private const int OldEntry = 14;
    private const int OriginSize = 8;
    private const int MostNumber = 7;
    private const int SignatureSize = 12;
    private const int MaxText = 255;

    /// <summary>Bytes of which base64url makes <see cref="MaxText"/> characters at most.</summary>
    private const int MaxBytes = MaxText * 3 / 4;

    [ThreadStatic]
    private static Signer? t_signer;

    public static string Write(Seen seen, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        const int end = MaxBytes - SignatureSize;
        bytes[0] = Version;
        bytes[1] = (byte)Math.Min(seen.Shards.Length, MostShards);
        var length = 2;
        foreach (var (shard, index) in seen.Shards.AsSpan()[..bytes[1]])
        {
            bytes[length++] = (byte)shard;
            length += WriteNumber(bytes[length..], index);
        }
        // What every member has is left out, so there are seldom more than members. Where there are more than find room,
        // those that were written to most are the ones in use.
        foreach (var (origin, sequence) in seen.Changes.Entries.OrderByDescending(entry => entry.Value))
        {
            if (length + OriginSize + MostNumber > end)
                break;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[length..], origin.Value);
            length += OriginSize;
            length += WriteNumber(bytes[length..], sequence);
        }
        Sign(bytes[..length], key, bytes[length..]);
        return Base64Url.EncodeToString(bytes[..(length + SignatureSize)]);
    }

    /// <summary>What a token says was seen, or null when this is no token of this cluster.</summary>
    public static Seen? Read(string text, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[MaxText];
        if (text.Length > MaxText || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length < 1 + SignatureSize)
            return null;
        var signed = bytes[..(length - SignatureSize)];
        Span<byte> expected = stackalloc byte[SignatureSize];
        Sign(signed, key, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[signed.Length..length]))
            return null;
        return signed[0] switch
        {
            Version => ReadSigned(signed[1..]),
            VersionWithoutShards => ReadWithoutShards(signed[1..]),
            _ => null,
        };
    }

    private static Seen? ReadSigned(ReadOnlySpan<byte> left)
    {
        if (left is not [<= MostShards and var count, ..])
            return null;
        left = left[1..];
        var shards = ImmutableArray.CreateBuilder<ShardIndex>(count);
        while (shards.Count < count)
        {
            if (left.IsEmpty)
                return null;
            var shard = left[0];
            left = left[1..];
            if (ReadNumber(ref left) is not { } index)
                return null;
            shards.Add(new ShardIndex(shard, index));
        }
        var seen = new List<KeyValuePair<ReplicaId, long>>();
        while (!left.IsEmpty)
        {
            if (left.Length <= OriginSize)
                return null;
            var origin = new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(left));
            left = left[OriginSize..];
            if (ReadNumber(ref left) is not { } sequence)
                return null;
            seen.Add(KeyValuePair.Create(origin, sequence));
        }
        return new Seen(VersionVector.Of(seen), shards.ToImmutable());
    }

    private static Seen? ReadWithoutShards(ReadOnlySpan<byte> left)
    {
        var seen = new List<KeyValuePair<ReplicaId, long>>();
        for (; left.Length >= OldEntry; left = left[OldEntry..])
        {
            var sequence = BinaryPrimitives.ReadUInt32LittleEndian(left[8..]) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(left[12..]) << 32);
            if (sequence == 0)
                return null;
            seen.Add(KeyValuePair.Create(new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(left)), sequence));
        }
        return left.IsEmpty ? new Seen(VersionVector.Of(seen), []) : null;
    }

    private static int WriteNumber(Span<byte> into, long number)
    {
        var length = 0;
        for (; number >= 0x80; number >>= 7)
            into[length++] = (byte)(number | 0x80);
        into[length++] = (byte)number;
        return length;
    }

    /// <summary>A number above 0, or null when there is none: a counter at 0 was never seen.</summary>
    private static long? ReadNumber(ref ReadOnlySpan<byte> left)
    {
        var number = 0L;
        for (var length = 0; length < Math.Min(left.Length, MostNumber); length++)
        {
            number |= (long)(left[length] & 0x7F) << (7 * length);
            if (left[length] >= 0x80)
                continue;
            left = left[(length + 1)..];
            return number > 0 ? number : null;
        }
        return null;
    }

    private static void Sign(ReadOnlySpan<byte> bytes, byte[] key, Span<byte> signature)
    {
        // To begin an HMAC with a key takes as long as the rest of it, so each thread keeps one that has begun.
        if (t_signer is not { } signer || !ReferenceEquals(signer.Key, key))
        {
            t_signer?.Hash.Dispose();
            t_signer = signer = new Signer(key, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
        }
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        signer.Hash.AppendData(bytes);
        signer.Hash.GetHashAndReset(whole);
        whole[..SignatureSize].CopyTo(signature);
    }

    private sealed record Signer(byte[] Key, IncrementalHash Hash);
}
