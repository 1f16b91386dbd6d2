using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>Zones written as lines: name, TTL, type, data.</summary>
internal static class TestZone
{
    public const string Authority = "ns1.edge.test. admin.edge.test. 7 3600 600 604800 60";

    /// <summary>The zone most tests ask.</summary>
    public static ZoneDefinition Edge { get; } = Parse("edge.test.", """
        @        3600 NS    ns1
        @        3600 NS    ns2
        @        300  MX    10 mail
        @        300  TXT   "v=spf1 -all"
        @        300  CAA   0 issue "ca.example"
        ns1      300  A     192.0.2.53
        ns1      300  AAAA  2001:db8::53
        ns2      300  A     198.51.100.53
        mail     300  A     192.0.2.25
        www      300  A     192.0.2.80
        www      300  A     192.0.2.81
        www      300  HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.80
        alias    120  CNAME www
        alias2   120  CNAME alias
        outside  120  CNAME www.example.com.
        dangling 120  CNAME nowhere
        shopping 120  CNAME shop
        *.wild   60   A     192.0.2.99
        *.wild   60   MX    5 mail
        *.walias 60   CNAME shop
        a.b.deep 60   TXT   "deep"
        _s._tcp  60   SRV   0 5 443 www
        big      60   TXT   "a long text" "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        big      60   TYPE65280 \# 3 abcdef
        sub      600  NS    ns.sub
        sub      600  NS    ns.example.com.
        ns.sub   600  A     192.0.2.77
        """) with { Steered = [Steered("shop"), Steered("*.pool", answers: 2), Steered("four", v6: false)] };

    /// <summary>A name steered over the three regions of <see cref="TestWorld"/>.</summary>
    public static SteeredName Steered(string name, int answers = 1, bool v6 = true) => new()
    {
        Name = Name(name),
        Answers = answers,
        Targets =
        [
            new("ashburn", Addresses(v6, "203.0.113.1", "2001:db8:1::1")),
            new("dublin", Addresses(v6, "203.0.113.2", "2001:db8:2::1")),
            new("singapore", Addresses(v6, "203.0.113.3", "2001:db8:3::1")),
        ],
    };

    /// <summary>A name relative to the zone.</summary>
    public static DnsName Name(string text, string zone = "edge.test.")
    {
        Assert.True(DnsName.TryParse(zone, DnsName.Root, out var origin));
        Assert.True(DnsName.TryParse(text, origin, out var name));
        return name;
    }

    public static ZoneDefinition Parse(string zone, string lines)
    {
        var records = ImmutableArray.CreateBuilder<ZoneRecord>();
        var origin = Name(zone, ".");
        foreach (var line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries);
            Assert.True(RecordText.TryParseType(fields[2], out var type), line);
            Assert.True(RecordText.TryParse(type, fields[3], origin, out var data, out var error), $"{line}: {error}");
            records.Add(new(Name(fields[0], zone), type, TimeSpan.FromSeconds(int.Parse(fields[1])), data));
        }

        return new()
        {
            Name = origin,
            Authority = new() { Primary = Name("ns1", zone), Mailbox = Name("admin", zone), Serial = 7 },
            Records = records.ToImmutable(),
        };
    }

    private static ImmutableArray<IPAddress> Addresses(bool v6, string four, string six) =>
        v6 ? [IPAddress.Parse(four), IPAddress.Parse(six)] : [IPAddress.Parse(four)];
}
