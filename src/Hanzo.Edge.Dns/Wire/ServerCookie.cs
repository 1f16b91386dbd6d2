using System.Buffers.Binary;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>
/// Server cookies as every server of one anycast set makes and reads them (RFC 9018 §4): version 1, three reserved bytes, the
/// time, and a SipHash-2-4 over the client's cookie, those eight bytes and the client's address.
/// </summary>
internal static class ServerCookie
{
    /// <summary>Bytes of the client's part.</summary>
    public const int ClientLength = 8;

    /// <summary>Bytes of the server's part.</summary>
    public const int Length = 16;

    private const byte Version = 1;
    private const int MaxAge = 3600;
    private const int RenewAge = 1800;
    private const int MaxSkew = 300;

    /// <summary>Whether <paramref name="cookie"/>, sent back by a client, was made here for this client and is not stale (RFC 9018 §4.3).</summary>
    /// <param name="client">The client's cookie, 8 bytes.</param>
    /// <param name="cookie">The server's cookie as the client returned it; of any other form than this server's it is not valid.</param>
    /// <param name="address">The client's address.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="secret">16 bytes.</param>
    public static bool IsValid(ReadOnlySpan<byte> client, ReadOnlySpan<byte> cookie, ClientKey address, uint now, ReadOnlySpan<byte> secret)
    {
        if (cookie.Length != Length || cookie[0] != Version) return false;
        var age = (int)(now - BinaryPrimitives.ReadUInt32BigEndian(cookie[4..]));
        if (age is > MaxAge or < -MaxSkew) return false;
        return BinaryPrimitives.ReadUInt64LittleEndian(cookie[8..]) == Hash(client, cookie[..8], address, secret);
    }

    /// <summary>Writes the cookie to hand out: the valid one the client sent while it is fresh, otherwise a new one.</summary>
    public static void Write(ReadOnlySpan<byte> client, ReadOnlySpan<byte> valid, ClientKey address, uint now, ReadOnlySpan<byte> secret, Span<byte> cookie)
    {
        if (!valid.IsEmpty && (int)(now - BinaryPrimitives.ReadUInt32BigEndian(valid[4..])) is >= 0 and < RenewAge)
        {
            valid.CopyTo(cookie);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(cookie, Version << 24);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[4..], now);
        BinaryPrimitives.WriteUInt64LittleEndian(cookie[8..], Hash(client, cookie[..8], address, secret));
    }

    private static ulong Hash(ReadOnlySpan<byte> client, ReadOnlySpan<byte> head, ClientKey address, ReadOnlySpan<byte> secret)
    {
        Span<byte> data = stackalloc byte[32];
        client.CopyTo(data);
        head.CopyTo(data[8..]);
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data[16..], address.IPv4);
            return SipHash.Compute(secret, data[..20]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(data[16..], address.Value);
        return SipHash.Compute(secret, data);
    }
}
