using System.Buffers.Binary;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>Codes of the EDNS options known here (IANA, EDNS0 Option Codes), and their common head.</summary>
internal static class EdnsOption
{
    /// <summary>Name server identifier (RFC 5001).</summary>
    public const int NameServerId = 3;

    /// <summary>Client subnet (RFC 7871).</summary>
    public const int ClientSubnet = 8;

    /// <summary>Cookie (RFC 7873).</summary>
    public const int Cookie = 10;

    /// <summary>How long an idle TCP connection is kept (RFC 7828).</summary>
    public const int TcpKeepalive = 11;

    /// <summary>Bytes of an option's code and length.</summary>
    public const int HeadLength = 4;

    /// <summary>Bytes of an OPT record without options: root name, type, size, extended code and flags, data length.</summary>
    public const int RecordLength = 11;

    /// <summary>Writes an option's code and length.</summary>
    public static void WriteHead(Span<byte> into, int code, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)length);
    }
}
