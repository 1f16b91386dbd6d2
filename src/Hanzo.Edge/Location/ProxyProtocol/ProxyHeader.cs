using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace Hanzo.Edge.Location.ProxyProtocol;

/// <summary>
/// The header a proxy puts before the bytes of a connection it relays: PROXY protocol version 2 (HAProxy, "The PROXY
/// protocol", section 2.2). Extensions (TLVs) are stepped over unread, as the specification allows.
/// </summary>
/// <param name="Status">What the bytes are.</param>
/// <param name="Length">Bytes of the header; where <paramref name="Status"/> is complete.</param>
/// <param name="Source">The client as the proxy saw it; null where the connection is the proxy's own (LOCAL) or of a kind without an IP address.</param>
internal readonly record struct ProxyHeader(ProxyHeaderStatus Status, int Length, IPEndPoint? Source)
{
    /// <summary>
    /// The longest header that is read. The specification wants every header to fit one segment (536 bytes), and the largest
    /// address block ends at 232; what cloud balancers append (TLS details, endpoint ids) stays below 1 KiB. The length field
    /// could say 64 KiB, which every connection could then make the edge keep.
    /// </summary>
    public const int LongestLength = 4096;

    private const int FixedLength = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads the header at the beginning of <paramref name="received"/>. Never throws.</summary>
    public static ProxyHeader Read(in ReadOnlySequence<byte> received)
    {
        if (received.IsSingleSegment)
        {
            return Read(received.FirstSpan);
        }

        // Only where the header itself is torn is anything copied, and never more than a header can be long.
        var torn = received.Length > LongestLength ? received.Slice(0, LongestLength) : received;
        Span<byte> joined = stackalloc byte[LongestLength];
        torn.CopyTo(joined);
        return Read(joined[..(int)torn.Length]);
    }

    /// <summary>Reads the header at the beginning of <paramref name="received"/>. Never throws.</summary>
    public static ProxyHeader Read(ReadOnlySpan<byte> received)
    {
        // A wrong first byte is told at once: a client that speaks HTTP here must not wait for a timeout.
        if (!received.StartsWith(Signature[..Math.Min(received.Length, Signature.Length)]))
        {
            return Malformed;
        }

        if (received.Length < FixedLength)
        {
            return new(ProxyHeaderStatus.Incomplete, 0, null);
        }

        var (version, command) = (received[12] >> 4, received[12] & 0xF);
        var (family, transport) = (received[13] >> 4, received[13] & 0xF);
        var length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(received[14..]);
        if (version != 2 || command > 1 || length > LongestLength)
        {
            return Malformed;
        }

        // A LOCAL connection is the proxy's own, and its family is to be ignored whatever it is.
        var local = command == 0;
        if (!local && (family > 3 || transport > 2 || length < FixedLength + AddressLength(family, transport)))
        {
            return Malformed;
        }

        if (received.Length < length)
        {
            return new(ProxyHeaderStatus.Incomplete, 0, null);
        }

        return new(ProxyHeaderStatus.Complete, length, local ? null : SourceOf(received[FixedLength..length], family, transport));
    }

    private static ProxyHeader Malformed => new(ProxyHeaderStatus.Malformed, 0, null);

    private static int AddressLength(int family, int transport) => (family, transport) switch
    {
        (_, 0) or (0, _) => 0,
        (1, _) => 12,
        (2, _) => 36,
        _ => 216,
    };

    /// <summary>Only a stream over IP names a client of this connection; for the rest the specification prescribes the real endpoint.</summary>
    private static IPEndPoint? SourceOf(ReadOnlySpan<byte> addresses, int family, int transport) => (family, transport) switch
    {
        (1, 1) => new(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..])),
        (2, 1) => new(new IPAddress(addresses[..16]), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..])),
        _ => null,
    };
}

/// <summary>What the first bytes of a connection are.</summary>
internal enum ProxyHeaderStatus : byte
{
    /// <summary>The beginning of a header; the rest has not come yet.</summary>
    Incomplete,

    /// <summary>A header.</summary>
    Complete,

    /// <summary>No header of version 2, or one that breaks the specification.</summary>
    Malformed,
}
