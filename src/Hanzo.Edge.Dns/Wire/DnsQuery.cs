using System.Buffers.Binary;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>
/// One query, read. The object is scratch: each serving thread owns one and reads packet after packet into it, so reading
/// allocates nothing. It speaks of the packet it was read from by offsets and is valid until the next <see cref="Read"/>.
/// </summary>
internal sealed class DnsQuery
{
    private const int MinUdpSize = 512;

    private readonly byte[] name = new byte[WireName.MaxLength + 1 + WireName.Slack];
    private readonly byte[] labels = new byte[WireName.MaxLabels];
    private int clientCookie;

    /// <summary>The header's flags word.</summary>
    public int Flags { get; private set; }

    /// <summary>Bytes of the first question, or 0 where none could be read.</summary>
    public int QuestionLength { get; private set; }

    /// <summary>Bytes of the name asked for.</summary>
    public int NameLength { get; private set; }

    /// <summary>Its labels, the empty one left out.</summary>
    public int LabelCount { get; private set; }

    /// <summary>The type asked for.</summary>
    public DnsType Type { get; private set; }

    /// <summary>Whether there is an OPT record; then the response has one too.</summary>
    public bool HasEdns { get; private set; }

    /// <summary>Whether DNSSEC records are welcome (the DO bit); answered with the same bit.</summary>
    public bool DnssecOk { get; private set; }

    /// <summary>Bytes a response over UDP may have for this client: 512 without EDNS, otherwise what it says, at least 512.</summary>
    public int UdpSize { get; private set; }

    /// <summary>Whether <see cref="Subnet"/> was sent.</summary>
    public bool HasSubnet { get; private set; }

    /// <summary>The client's network, as the resolver tells it.</summary>
    public ClientSubnet Subnet { get; private set; }

    /// <summary>Whether a cookie was sent.</summary>
    public bool HasCookie => clientCookie != 0;

    /// <summary>Bytes of the server's cookie that came back, or 0.</summary>
    public int ServerCookieLength { get; private set; }

    /// <summary>Whether the server's identifier is asked for.</summary>
    public bool WantsServerId { get; private set; }

    /// <summary>Whether the TCP keepalive time is asked for.</summary>
    public bool WantsKeepalive { get; private set; }

    /// <summary>The name asked for in lower case, its ending included; <see cref="WireName.Slack"/> readable bytes follow it.</summary>
    public ReadOnlySpan<byte> Name => name.AsSpan(0, NameLength);

    /// <summary>The same buffer with its slack, for hashing.</summary>
    public ReadOnlySpan<byte> NameBuffer => name;

    /// <summary>Where each label of <see cref="Name"/> starts.</summary>
    public ReadOnlySpan<byte> Labels => labels.AsSpan(0, LabelCount);

    /// <summary>The client's cookie, 8 bytes; only where <see cref="HasCookie"/>.</summary>
    public ReadOnlySpan<byte> ClientCookie(ReadOnlySpan<byte> packet) => packet.Slice(clientCookie, ServerCookie.ClientLength);

    /// <summary>The server's cookie as it came back; may be empty.</summary>
    public ReadOnlySpan<byte> ReturnedCookie(ReadOnlySpan<byte> packet) => packet.Slice(clientCookie + ServerCookie.ClientLength, ServerCookieLength);

    /// <summary>
    /// Reads a packet. Every section is walked to its end, so a query with junk in it is told apart from a good one; bytes
    /// after the last record are ignored, as other servers do.
    /// </summary>
    public ReadOutcome Read(ReadOnlySpan<byte> packet)
    {
        Reset();
        if (packet.Length < DnsHeader.Size) return ReadOutcome.Ignore;
        Flags = BinaryPrimitives.ReadUInt16BigEndian(packet[DnsHeader.FlagsOffset..]);
        if ((Flags & DnsHeader.ResponseFlag) != 0) return ReadOutcome.Ignore;

        var questions = BinaryPrimitives.ReadUInt16BigEndian(packet[DnsHeader.QuestionCountOffset..]);
        var offset = DnsHeader.Size;
        var questionClass = 0;
        if (questions > 0 && (offset = ReadQuestion(packet, out questionClass)) < 0) return ReadOutcome.Malformed;
        for (var i = 1; i < questions; i++)
            if ((offset = SkipQuestion(packet, offset)) < 0) return ReadOutcome.Malformed;

        var outcome = ReadRecords(packet, offset);
        return outcome == ReadOutcome.Question ? Judge(questions, questionClass) : outcome;
    }

    private ReadOutcome Judge(int questions, int questionClass)
    {
        switch (DnsHeader.Opcode(Flags))
        {
            case DnsHeader.OpcodeQuery: break;
            case DnsHeader.OpcodeNotify or DnsHeader.OpcodeUpdate: return ReadOutcome.Refused;
            default: return ReadOutcome.NotImplemented;
        }

        if (questions == 0 && HasCookie) return ReadOutcome.CookieOnly;
        if (questions != 1) return ReadOutcome.Malformed; // RFC 9619
        return Type switch
        {
            DnsType.AXFR or DnsType.IXFR => ReadOutcome.Refused,
            DnsType.OPT or (>= (DnsType)128 and < DnsType.ANY) => ReadOutcome.NotImplemented,
            _ => questionClass is DnsHeader.ClassInternet or DnsHeader.ClassAny ? ReadOutcome.Question : ReadOutcome.Refused,
        };
    }

    private void Reset()
    {
        Flags = 0;
        QuestionLength = NameLength = LabelCount = 0;
        Type = DnsType.None;
        HasEdns = DnssecOk = HasSubnet = WantsServerId = WantsKeepalive = false;
        UdpSize = MinUdpSize;
        clientCookie = ServerCookieLength = 0;
    }

    private int ReadQuestion(ReadOnlySpan<byte> packet, out int questionClass)
    {
        questionClass = 0;
        // A pointer in the first name could only lead into the header: it is no name.
        var at = DnsHeader.Size;
        var count = 0;
        while (true)
        {
            if (at >= packet.Length) return -1;
            var length = packet[at];
            if (length == 0) break;
            if (length > 63 || count == WireName.MaxLabels) return -1;
            labels[count++] = (byte)(at - DnsHeader.Size);
            at += length + 1;
            if (at - DnsHeader.Size >= WireName.MaxLength) return -1;
        }

        var nameLength = at + 1 - DnsHeader.Size;
        if (packet.Length < at + 5) return -1;
        packet.Slice(DnsHeader.Size, nameLength).CopyTo(name);
        WireName.ToLower(name.AsSpan(0, (nameLength + 15) & ~15));
        NameLength = nameLength;
        LabelCount = count;
        Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 1)..]);
        questionClass = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 3)..]);
        QuestionLength = nameLength + 4;
        return at + 5;
    }

    private static int SkipQuestion(ReadOnlySpan<byte> packet, int offset)
    {
        offset = WireName.Skip(packet, offset);
        return offset < 0 || offset + 4 > packet.Length ? -1 : offset + 4;
    }

    private ReadOutcome ReadRecords(ReadOnlySpan<byte> packet, int offset)
    {
        var plain = BinaryPrimitives.ReadUInt16BigEndian(packet[DnsHeader.AnswerCountOffset..])
                    + BinaryPrimitives.ReadUInt16BigEndian(packet[DnsHeader.AuthorityCountOffset..]);
        var additional = BinaryPrimitives.ReadUInt16BigEndian(packet[DnsHeader.AdditionalCountOffset..]);
        for (var i = 0; i < plain + additional; i++)
        {
            var isRoot = offset < packet.Length && packet[offset] == 0;
            if ((offset = WireName.Skip(packet, offset)) < 0 || offset + 10 > packet.Length) return ReadOutcome.Malformed;
            var data = offset + 10;
            var end = data + BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 8)..]);
            if (i >= plain && isRoot && BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]) == (int)DnsType.OPT)
            {
                if (HasEdns) return ReadOutcome.Malformed; // RFC 6891 §6.1.1: one at most
                HasEdns = true;
                DnssecOk = (packet[offset + 6] & 0x80) != 0;
                UdpSize = Math.Max(MinUdpSize, (int)BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]));
                if (packet[offset + 5] != 0) return ReadOutcome.UnknownEdnsVersion;
                if (end > packet.Length || !ReadOptions(packet, data, end)) return ReadOutcome.Malformed;
            }

            if (end > packet.Length) return ReadOutcome.Malformed;
            offset = end;
        }

        return ReadOutcome.Question;
    }

    private bool ReadOptions(ReadOnlySpan<byte> packet, int at, int end)
    {
        while (at < end)
        {
            if (at + EdnsOption.HeadLength > end) return false;
            var code = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            at += EdnsOption.HeadLength;
            if (at + length > end || !ReadOption(packet, code, at, length)) return false;
            at += length;
        }

        return true;
    }

    private bool ReadOption(ReadOnlySpan<byte> packet, int code, int at, int length)
    {
        switch (code)
        {
            case EdnsOption.ClientSubnet when !HasSubnet:
                if (!ClientSubnet.TryRead(packet.Slice(at, length), out var subnet)) return false;
                Subnet = subnet;
                HasSubnet = true;
                return true;
            case EdnsOption.Cookie when !HasCookie: // RFC 7873 §5.2: the first one counts
                if (length != ServerCookie.ClientLength && length is < 16 or > 40) return false;
                clientCookie = at;
                ServerCookieLength = length - ServerCookie.ClientLength;
                return true;
            case EdnsOption.NameServerId:
                WantsServerId = true; // RFC 5001 §2.2: data in a query is ignored
                return true;
            case EdnsOption.TcpKeepalive:
                WantsKeepalive = true;
                return true;
            default:
                return true;
        }
    }
}
