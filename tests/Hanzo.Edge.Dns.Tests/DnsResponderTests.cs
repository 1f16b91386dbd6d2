using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Testing;

namespace Hanzo.Edge.Dns.Tests;

public sealed class DnsResponderTests
{
    private readonly Exchange exchange = new();

    [Fact]
    public void A_query_costs_no_memory()
    {
        byte[][] packets =
        [
            new Query("shop.edge.test.", DnsType.A).From("11.2.3.0/24").Packet(),
            new Query("www.edge.test.", DnsType.A).Packet(),
            new Query("x.nothing.edge.test.", DnsType.A) { Edns = true }.Packet(),
            new Query("x.walias.edge.test.", DnsType.AAAA).From("2001:db8:a::/56").Packet(),
            new Query("x.sub.edge.test.", DnsType.A).Packet(),
            new Query("example.com.", DnsType.A).Packet(),
            new Query("shop.edge.test.", DnsType.A).With(8, 9, 9).Packet(),
        ];
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                foreach (var packet in packets) exchange.Send(packet);
        }));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(4, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 4)]
    [InlineData(15, 4)]
    public void NOTIFY_and_UPDATE_are_refused_and_other_opcodes_not_implemented(int opcode, int rcode)
    {
        var response = exchange.Ask(new Query("edge.test.", DnsType.SOA) { Opcode = opcode });
        Assert.Equal(rcode, response.Rcode);
        Assert.Equal(opcode, response.Flags >> 11 & 15);
    }

    [Theory]
    [InlineData(DnsType.AXFR, 5)]
    [InlineData(DnsType.IXFR, 5)]
    [InlineData((DnsType)253, 4)]
    [InlineData((DnsType)249, 4)]
    [InlineData(DnsType.OPT, 4)]
    [InlineData((DnsType)4711, 0)]
    public void Transfers_are_refused_meta_types_not_implemented_and_unknown_types_simply_absent(DnsType type, int rcode) =>
        Assert.Equal(rcode, exchange.Ask("www.edge.test.", type).Rcode);

    [Fact]
    public void Class_ANY_is_answered_and_other_classes_refused()
    {
        Assert.Equal(2, exchange.Ask(new Query("www.edge.test.", DnsType.A) { Class = 255 }).Answers.Count);
        Assert.Equal(5, exchange.Ask(new Query("www.edge.test.", DnsType.A) { Class = 3 }).Rcode);
    }

    [Fact]
    public void An_EDNS_version_that_is_not_known_is_told_so_with_the_one_that_is()
    {
        var response = exchange.Ask(new Query("www.edge.test.", DnsType.A) { Edns = true, EdnsVersion = 1 });
        Assert.Equal((16, true, 0), (response.Rcode, response.Edns, response.EdnsVersion));
        Assert.Empty(response.Answers);
    }

    [Fact]
    public void EDNS_is_answered_with_EDNS_and_the_same_DO_bit()
    {
        var response = exchange.Ask(new Query("www.edge.test.", DnsType.A) { Edns = true, DnssecOk = true });
        Assert.Equal((true, true, 1232), (response.Edns, response.DnssecOk, response.EdnsSize));
        Assert.Empty(response.Options);
    }

    [Fact]
    public void An_answer_that_does_not_fit_is_truncated_to_the_question()
    {
        var small = exchange.Ask("big.edge.test.", DnsType.TXT);
        Assert.True(small.Truncated);
        Assert.Empty(small.Answers);
        Assert.Equal("big.edge.test. TXT", small.Question);
        Assert.False(exchange.Ask(new Query("big.edge.test.", DnsType.TXT) { Edns = true }).Truncated);
        Assert.True(exchange.Ask(new Query("big.edge.test.", DnsType.TXT) { Edns = true, UdpSize = 550 }).Truncated);
        Assert.False(new Exchange { Udp = false }.Ask("big.edge.test.", DnsType.TXT).Truncated);
    }

    [Fact]
    public void Over_UDP_nothing_is_larger_than_no_path_fragments_whatever_the_client_takes()
    {
        var zone = TestZone.Parse("edge.test.", string.Join('\n', Enumerable.Range(1, 100).Select(i => $"many 60 A 192.0.2.{i}").Append("@ 60 NS ns1")));
        var snapshot = TestWorld.Snapshot(zone: zone);
        var query = new Query("many.edge.test.", DnsType.A) { Edns = true, UdpSize = 4096 };
        Assert.Equal((true, 0), (new Exchange(snapshot).Ask(query).Truncated, new Exchange(snapshot).Ask(query).Answers.Count));
        Assert.Equal(100, new Exchange(snapshot) { Udp = false }.Ask(query).Answers.Count);
        var wide = new Exchange(TestWorld.Snapshot(zone: zone, options: TestWorld.Options with { MaxUdpSize = 4096 }));
        Assert.Equal(100, wide.Ask(query).Answers.Count);
    }

    [Theory]
    [InlineData("000218000a0102")]
    [InlineData("")]
    [InlineData("000118100a0102")]
    public void A_malformed_client_subnet_is_a_format_error(string hex)
    {
        var response = exchange.Ask(new Query("shop.edge.test.", DnsType.A).With(8, [.. Convert.FromHexString(hex), 1]));
        Assert.Equal((1, true), (response.Rcode, response.Edns));
        Assert.Null(response.Subnet);
    }

    [Fact]
    public void Static_answers_hold_for_every_network()
    {
        Assert.Equal("1/24/0", exchange.Ask(new Query("www.edge.test.", DnsType.A).From("11.2.3.0/24")).Subnet);
        Assert.Equal("2/56/0", exchange.Ask(new Query("nothing.edge.test.", DnsType.A).From("2001:db8::/56")).Subnet);
    }

    [Fact]
    public void Packets_that_are_no_queries_are_not_answered()
    {
        Assert.Equal(0, exchange.Send([1, 2, 3]).Length);
        var response = new Query("www.edge.test.", DnsType.A).Packet();
        response[2] |= 0x80;
        Assert.Equal(0, exchange.Send(response).Length);
        Assert.Equal(2, exchange.Counters.Ignored);
    }

    [Fact]
    public void Two_questions_or_none_are_a_format_error()
    {
        var packet = new Query("www.edge.test.", DnsType.A).Packet();
        packet[5] = 0;
        Assert.Equal(1, Response.Read(exchange.Send(packet.AsSpan(0, 12))).Rcode);
        packet[5] = 2;
        Assert.Equal(1, Response.Read(exchange.Send([.. packet, .. packet[12..]])).Rcode);
    }

    [Fact]
    public void The_server_says_who_it_is_when_asked()
    {
        var named = new Exchange(TestWorld.Snapshot(options: TestWorld.Options with { ServerId = [.. "edge-1"u8] }));
        Assert.Equal("edge-1"u8.ToArray(), named.Ask(new Query("www.edge.test.", DnsType.A).With(3)).Options[3]);
        Assert.Empty(named.Ask(new Query("www.edge.test.", DnsType.A) { Edns = true }).Options);
    }

    [Fact]
    public void A_cookie_is_answered_with_one_that_is_then_valid()
    {
        var options = TestWorld.Options with { CookieSecrets = [[.. Convert.FromHexString("e5e973e5a6b2a43f48e7dc849e37bfcf")]] };
        var asked = new Exchange(TestWorld.Snapshot(options: options));
        var client = Convert.FromHexString("2464c4abcf10c957");
        var cookie = asked.Ask(new Query("www.edge.test.", DnsType.A).With(10, client)).Options[10];
        Assert.Equal(client, cookie[..8]);
        Assert.Equal(24, cookie.Length);
        Assert.Equal(0, asked.Counters.ValidCookies);
        Assert.Equal(cookie, asked.Ask(new Query("www.edge.test.", DnsType.A).With(10, cookie)).Options[10]);
        Assert.Equal(1, asked.Counters.ValidCookies);
        Assert.Equal(1, asked.Ask(new Query("www.edge.test.", DnsType.A).With(10, client[..7])).Rcode);
    }

    [Fact]
    public void A_cookie_without_a_question_is_answered_alone()
    {
        var asked = new Exchange(TestWorld.Snapshot(options: TestWorld.Options with { CookieSecrets = [[.. new byte[16]]] }));
        byte[] packet = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
        var response = Response.Read(asked.Send(packet));
        Assert.Equal((0, ""), (response.Rcode, response.Question));
        Assert.Equal(24, response.Options[10].Length);
    }

    [Fact]
    public void A_flood_from_one_network_gets_little_back_and_a_cookie_lifts_the_limit()
    {
        var options = new DnsOptions { RateLimit = new() { PerSecond = 100, Slip = 2 }, CookieSecrets = [[.. new byte[16]]] };
        var flooded = new Exchange(TestWorld.Snapshot(options: options));
        var packet = new Query("big.edge.test.", DnsType.TXT) { Edns = true }.Packet();
        var received = 0;
        for (var i = 0; i < 10_000; i++)
        {
            flooded.Milliseconds = 1_000_000 + i / 10;
            received += flooded.Send(packet).Length;
        }

        Assert.InRange(received, 1, 3 * 10_000 * packet.Length);
        Assert.InRange(flooded.Counters.LimitSlipped, 4000, 5000);
        var cookie = flooded.Send(new Query("www.edge.test.", DnsType.A).With(10, new byte[8]).Packet()).ToArray();
        while (cookie.Length == 0) cookie = flooded.Send(new Query("www.edge.test.", DnsType.A).With(10, new byte[8]).Packet()).ToArray();
        var known = new Query("www.edge.test.", DnsType.A).With(10, Response.Read(cookie).Options[10]);
        for (var i = 0; i < 1000; i++) Assert.Equal(2, flooded.Ask(known).Answers.Count);
    }
}
