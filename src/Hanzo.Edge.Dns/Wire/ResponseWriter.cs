using System.Buffers.Binary;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>Writes a response: the header, the question as it was asked (its case kept), prepared sections, the OPT record.</summary>
internal ref struct ResponseWriter
{
    private readonly ReadOnlySpan<byte> request;
    private readonly DnsQuery query;
    private readonly Span<byte> into;
    private int length;

    /// <summary>Starts a response with no records.</summary>
    /// <param name="request">The packet <paramref name="query"/> was read from, with a whole header.</param>
    /// <param name="query">The query.</param>
    /// <param name="into">Room for the response, 512 bytes at least.</param>
    public ResponseWriter(ReadOnlySpan<byte> request, DnsQuery query, Span<byte> into)
    {
        this.request = request;
        this.query = query;
        this.into = into;
        length = DnsHeader.Size + query.QuestionLength;
        request[..length].CopyTo(into);
    }

    /// <summary>Bytes written.</summary>
    public readonly int Length => length;

    /// <summary>Copies prepared records.</summary>
    /// <param name="sections">Records as they go on the wire.</param>
    public void Append(ReadOnlySpan<byte> sections)
    {
        sections.CopyTo(into[length..]);
        length += sections.Length;
    }

    /// <summary>Counts <paramref name="bytes"/> in that the caller has written after what was there.</summary>
    public void Skip(int bytes) => length += bytes;

    /// <summary>Adds <paramref name="delta"/> to the compression pointer that <see cref="Append"/> has put at <paramref name="at"/> bytes after the question.</summary>
    public readonly void ShiftPointer(int at, int delta)
    {
        var pointer = into[(DnsHeader.Size + query.QuestionLength + at)..];
        BinaryPrimitives.WriteUInt16BigEndian(pointer, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(pointer) + delta));
    }

    /// <summary>Writes the header over the request's: its id, opcode and RD bit are kept.</summary>
    public readonly void Header(DnsRcode rcode, bool authoritative, bool truncated, int answers, int authority, int additional)
    {
        var flags = DnsHeader.ResponseFlag | (query.Flags & (DnsHeader.OpcodeMask | DnsHeader.RecursionDesiredFlag)) | ((int)rcode & 0xF);
        if (authoritative) flags |= DnsHeader.AuthoritativeFlag;
        if (truncated) flags |= DnsHeader.TruncatedFlag;
        BinaryPrimitives.WriteUInt16BigEndian(into[DnsHeader.FlagsOffset..], (ushort)flags);
        var counts = ((ulong)(query.QuestionLength > 0 ? 1 : 0) << 48) | ((ulong)answers << 32) | ((ulong)authority << 16) | (uint)(additional + (query.HasEdns ? 1 : 0));
        BinaryPrimitives.WriteUInt64BigEndian(into[DnsHeader.QuestionCountOffset..], counts);
    }

    /// <summary>Bytes that <see cref="Edns"/> will write.</summary>
    public static int EdnsLength(DnsQuery query, scoped in EdnsAnswer answer)
    {
        if (!query.HasEdns) return 0;
        var bytes = EdnsOption.RecordLength;
        if (answer.Scope >= 0) bytes += query.Subnet.OptionLength;
        if (!answer.Cookie.IsEmpty) bytes += EdnsOption.HeadLength + ServerCookie.ClientLength + ServerCookie.Length;
        if (!answer.ServerId.IsEmpty) bytes += EdnsOption.HeadLength + answer.ServerId.Length;
        if (answer.KeepaliveUnits >= 0) bytes += EdnsOption.HeadLength + 2;
        return bytes;
    }

    /// <summary>Writes the OPT record, where the query had one.</summary>
    public void Edns(scoped in EdnsAnswer answer)
    {
        if (!query.HasEdns) return;
        var record = into[length..];
        record[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], (ushort)DnsType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)answer.UdpSize);
        BinaryPrimitives.WriteUInt32BigEndian(record[5..], ((uint)answer.Rcode >> 4 << 24) | (query.DnssecOk ? 0x8000u : 0));
        var at = EdnsOption.RecordLength;
        if (answer.Scope >= 0) at += query.Subnet.Write(record[at..], answer.Scope);
        if (!answer.Cookie.IsEmpty)
        {
            EdnsOption.WriteHead(record[at..], EdnsOption.Cookie, ServerCookie.ClientLength + ServerCookie.Length);
            query.ClientCookie(request).CopyTo(record[(at + 4)..]);
            answer.Cookie.CopyTo(record[(at + 4 + ServerCookie.ClientLength)..]);
            at += 4 + ServerCookie.ClientLength + ServerCookie.Length;
        }

        if (!answer.ServerId.IsEmpty)
        {
            EdnsOption.WriteHead(record[at..], EdnsOption.NameServerId, answer.ServerId.Length);
            answer.ServerId.CopyTo(record[(at + 4)..]);
            at += 4 + answer.ServerId.Length;
        }

        if (answer.KeepaliveUnits >= 0)
        {
            EdnsOption.WriteHead(record[at..], EdnsOption.TcpKeepalive, 2);
            BinaryPrimitives.WriteUInt16BigEndian(record[(at + 4)..], (ushort)answer.KeepaliveUnits);
            at += 6;
        }

        BinaryPrimitives.WriteUInt16BigEndian(record[9..], (ushort)(at - EdnsOption.RecordLength));
        length += at;
    }
}

/// <summary>What the OPT record of a response says.</summary>
internal ref struct EdnsAnswer
{
    /// <summary>Bytes this server takes over UDP.</summary>
    public required int UdpSize { get; init; }

    /// <summary>The response code; its upper bits go here (RFC 6891 §6.1.3).</summary>
    public DnsRcode Rcode { get; set; }

    /// <summary>The client subnet's scope, or -1 for no such option.</summary>
    public int Scope { get; set; }

    /// <summary>The server's cookie, 16 bytes, or empty for none.</summary>
    public ReadOnlySpan<byte> Cookie { get; set; }

    /// <summary>The server's identifier, or empty for none.</summary>
    public ReadOnlySpan<byte> ServerId { get; set; }

    /// <summary>The TCP keepalive in units of 100 ms (RFC 7828), or -1 for none.</summary>
    public int KeepaliveUnits { get; set; }
}
