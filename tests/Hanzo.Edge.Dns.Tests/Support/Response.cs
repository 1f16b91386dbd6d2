using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>A response packet, read strictly: every byte must be accounted for.</summary>
internal sealed record Response
{
    public required byte[] Packet { get; init; }

    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Packet);

    public int Flags => BinaryPrimitives.ReadUInt16BigEndian(Packet.AsSpan(2));

    public int Rcode { get; private set; }

    public bool Authoritative => (Flags & 0x400) != 0;

    public bool Truncated => (Flags & 0x200) != 0;

    public string Question { get; private set; } = "";

    public List<string> Answers { get; } = [];

    public List<string> Authority { get; } = [];

    public List<string> Additional { get; } = [];

    public bool Edns { get; private set; }

    public int EdnsVersion { get; private set; }

    public int EdnsSize { get; private set; }

    public bool DnssecOk { get; private set; }

    public Dictionary<int, byte[]> Options { get; } = [];

    /// <summary>The client subnet option as FAMILY/SOURCE/SCOPE, or null.</summary>
    public string? Subnet => Options.TryGetValue(8, out var o) ? $"{o[1]}/{o[2]}/{o[3]}" : null;

    public int Scope => Options[8][3];

    public static Response Read(ReadOnlySpan<byte> packet)
    {
        var response = new Response { Packet = packet.ToArray() };
        var at = 12;
        response.Rcode = response.Flags & 15;
        for (var i = 0; i < Count(packet, 4); i++)
        {
            var name = Name(packet, ref at);
            response.Question = $"{name} {Type(packet, at)}";
            at += 4;
        }

        List<string>[] sections = [response.Answers, response.Authority, response.Additional];
        for (var section = 0; section < 3; section++)
            for (var i = 0; i < Count(packet, 6 + 2 * section); i++) response.Record(packet, ref at, sections[section]);
        if (at != packet.Length) throw new FormatException($"{packet.Length - at} bytes after the last record.");
        return response;
    }

    private void Record(ReadOnlySpan<byte> packet, ref int at, List<string> section)
    {
        var name = Name(packet, ref at);
        var type = Count(packet, at);
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(packet[(at + 4)..]);
        var length = Count(packet, at + 8);
        var data = at + 10;
        if (type == 41)
        {
            Edns = true;
            EdnsSize = Count(packet, at + 2);
            EdnsVersion = (int)(ttl >> 16 & 0xFF);
            DnssecOk = (ttl & 0x8000) != 0;
            Rcode |= (int)(ttl >> 24) << 4;
            for (var o = data; o < data + length; o += 4 + Count(packet, o + 2)) Options.Add(Count(packet, o), packet.Slice(o + 4, Count(packet, o + 2)).ToArray());
        }
        else
        {
            section.Add($"{name} {ttl} {Type(packet, at)} {Data(packet, (DnsType)type, data, length)}");
        }

        at = data + length;
    }

    private static string Data(ReadOnlySpan<byte> packet, DnsType type, int at, int length)
    {
        var end = at + length;
        var text = type switch
        {
            DnsType.A or DnsType.AAAA => new IPAddress(packet.Slice(at, length)).ToString(),
            DnsType.NS or DnsType.CNAME => Name(packet, ref at),
            DnsType.MX => $"{Count(packet, at)} {NameAt(packet, at + 2, out at)}",
            DnsType.SRV => $"{Count(packet, at)} {Count(packet, at + 2)} {Count(packet, at + 4)} {NameAt(packet, at + 6, out at)}",
            DnsType.SOA => $"{Name(packet, ref at)} {Name(packet, ref at)} {string.Join(' ', Numbers(packet, at))}",
            _ => Convert.ToHexStringLower(packet.Slice(at, length)),
        };
        if (type is DnsType.NS or DnsType.CNAME or DnsType.MX or DnsType.SRV && at != end) throw new FormatException("The data's length is not that of its name.");
        return text;
    }

    private static uint[] Numbers(ReadOnlySpan<byte> packet, int at)
    {
        var numbers = new uint[5];
        for (var i = 0; i < 5; i++) numbers[i] = BinaryPrimitives.ReadUInt32BigEndian(packet[(at + 4 * i)..]);
        return numbers;
    }

    private static string NameAt(ReadOnlySpan<byte> packet, int start, out int end)
    {
        end = start;
        return Name(packet, ref end);
    }

    private static string Name(ReadOnlySpan<byte> packet, ref int at)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        var length = WireName.Read(packet, ref at, name);
        if (length < 0) throw new FormatException("Not a name.");
        var text = new StringBuilder();
        for (var i = 0; name[i] != 0; i += name[i] + 1) text.Append(Encoding.Latin1.GetString(name.Slice(i + 1, name[i]))).Append('.');
        return text.Length == 0 ? "." : text.ToString();
    }

    private static string Type(ReadOnlySpan<byte> packet, int at)
    {
        var type = (DnsType)Count(packet, at);
        return Enum.IsDefined(type) ? type.ToString() : string.Create(CultureInfo.InvariantCulture, $"TYPE{(int)type}");
    }

    private static int Count(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
}
