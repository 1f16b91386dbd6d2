using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Zone;

public sealed class ZoneAnswerTests
{
    private const string Denial = "edge.test. 60 SOA " + TestZone.Authority;
    private readonly Exchange exchange = new();

    [Fact]
    public void A_record_that_is_there_is_answered_with_authority_and_nothing_else()
    {
        var response = exchange.Ask("www.edge.test.", DnsType.A);
        Assert.Equal(["www.edge.test. 300 A 192.0.2.80", "www.edge.test. 300 A 192.0.2.81"], response.Answers);
        Assert.True(response.Authoritative);
        Assert.Empty(response.Authority);
        Assert.False(response.Edns);
    }

    [Theory]
    [InlineData("edge.test.", DnsType.NS, "edge.test. 3600 NS ns1.edge.test.", "edge.test. 3600 NS ns2.edge.test.")]
    [InlineData("edge.test.", DnsType.SOA, "edge.test. 3600 SOA " + TestZone.Authority)]
    [InlineData("edge.test.", DnsType.MX, "edge.test. 300 MX 10 mail.edge.test.")]
    [InlineData("edge.test.", DnsType.TXT, "edge.test. 300 TXT 0b763d73706631202d616c6c")]
    [InlineData("edge.test.", DnsType.CAA, "edge.test. 300 CAA 0005697373756563612e6578616d706c65")]
    [InlineData("_s._tcp.edge.test.", DnsType.SRV, "_s._tcp.edge.test. 60 SRV 0 5 443 www.edge.test.")]
    [InlineData("www.edge.test.", DnsType.HTTPS, "www.edge.test. 300 HTTPS 000100000100060268320268330004" + "0004c0000250")]
    [InlineData("big.edge.test.", (DnsType)65280, "big.edge.test. 60 TYPE65280 abcdef")]
    [InlineData("ns1.edge.test.", DnsType.AAAA, "ns1.edge.test. 300 AAAA 2001:db8::53")]
    public void Each_type_has_its_form(string name, DnsType type, params string[] records) => Assert.Equal(records, exchange.Ask(name, type).Answers);

    [Fact]
    public void The_question_comes_back_in_the_case_it_was_asked_in()
    {
        var response = exchange.Ask("wWw.eDGe.TeST.", DnsType.MX);
        Assert.Equal("wWw.eDGe.TeST. MX", response.Question);
        Assert.Equal(["eDGe.TeST. 60 SOA ns1.eDGe.TeST. admin.eDGe.TeST. 7 3600 600 604800 60"], response.Authority);
    }

    [Theory]
    [InlineData("nothing.edge.test.", 3)]
    [InlineData("a.very.long.name.that.is.not.there.www.edge.test.", 3)]
    [InlineData("www.edge.test.", 0)]
    [InlineData("deep.edge.test.", 0)]
    [InlineData("b.deep.edge.test.", 0)]
    [InlineData("x.deep.edge.test.", 3)]
    [InlineData("wild.edge.test.", 0)]
    public void What_is_not_there_is_denied_with_the_negative_TTL_and_names_between_exist(string name, int rcode)
    {
        var response = exchange.Ask(name, DnsType.CNAME);
        Assert.Equal(rcode, response.Rcode);
        Assert.Empty(response.Answers);
        Assert.Equal([Denial], response.Authority);
        Assert.True(response.Authoritative);
    }

    [Theory]
    [InlineData("x.wild.edge.test.")]
    [InlineData("a.much.longer.name.wild.edge.test.")]
    [InlineData("*.wild.edge.test.")]
    public void A_wildcard_answers_for_every_name_below_whatever_its_length(string name)
    {
        Assert.Equal([$"{name} 60 A 192.0.2.99"], exchange.Ask(name, DnsType.A).Answers);
        Assert.Equal([$"{name} 60 MX 5 mail.edge.test."], exchange.Ask(name, DnsType.MX).Answers);
        Assert.Equal([Denial], exchange.Ask(name, DnsType.TXT).Authority);
    }

    [Fact]
    public void A_CNAME_is_followed_inside_the_zone()
    {
        string[] chain =
        [
            "alias2.edge.test. 120 CNAME alias.edge.test.", "alias.edge.test. 120 CNAME www.edge.test.",
            "www.edge.test. 300 A 192.0.2.80", "www.edge.test. 300 A 192.0.2.81",
        ];
        Assert.Equal(chain, exchange.Ask("alias2.edge.test.", DnsType.A).Answers);
        Assert.Equal(chain[..1], exchange.Ask("alias2.edge.test.", DnsType.CNAME).Answers);
        var absent = exchange.Ask("alias.edge.test.", DnsType.TXT);
        Assert.Equal(chain[1..2], absent.Answers);
        Assert.Equal([Denial], absent.Authority);
    }

    [Fact]
    public void A_CNAME_that_leads_out_is_the_whole_answer()
    {
        var response = exchange.Ask("outside.edge.test.", DnsType.A);
        Assert.Equal(["outside.edge.test. 120 CNAME www.example.com."], response.Answers);
        Assert.Equal((0, 0), (response.Rcode, response.Authority.Count));
    }

    [Fact]
    public void A_CNAME_that_leads_nowhere_denies_the_name_it_leads_to()
    {
        var response = exchange.Ask("dangling.edge.test.", DnsType.A);
        Assert.Equal(["dangling.edge.test. 120 CNAME nowhere.edge.test."], response.Answers);
        Assert.Equal([Denial], response.Authority);
        Assert.Equal(3, response.Rcode);
    }

    [Theory]
    [InlineData("sub.edge.test.", DnsType.A)]
    [InlineData("sub.edge.test.", DnsType.ANY)]
    [InlineData("ns.sub.edge.test.", DnsType.A)]
    [InlineData("far.down.sub.edge.test.", DnsType.TXT)]
    public void Below_a_delegation_the_answer_is_a_referral_with_glue(string name, DnsType type)
    {
        var response = exchange.Ask(name, type);
        Assert.False(response.Authoritative);
        Assert.Empty(response.Answers);
        Assert.Equal(["sub.edge.test. 600 NS ns.sub.edge.test.", "sub.edge.test. 600 NS ns.example.com."], response.Authority);
        Assert.Equal(["ns.sub.edge.test. 600 A 192.0.2.77"], response.Additional);
    }

    [Fact]
    public void The_signer_of_a_delegation_is_denied_by_the_parent()
    {
        var response = exchange.Ask("sub.edge.test.", DnsType.DS);
        Assert.True(response.Authoritative);
        Assert.Equal([Denial], response.Authority);
    }

    [Fact]
    public void ANY_is_answered_with_one_record_that_says_why()
    {
        Assert.Equal(["www.edge.test. 3600 HINFO 07524643383438320" + "0"], exchange.Ask("www.edge.test.", DnsType.ANY).Answers);
        Assert.Equal(["alias.edge.test. 120 CNAME www.edge.test."], exchange.Ask("alias.edge.test.", DnsType.ANY).Answers);
        Assert.Equal(3, exchange.Ask("nothing.edge.test.", DnsType.ANY).Rcode);
    }

    [Theory]
    [InlineData("example.com.")]
    [InlineData("test.")]
    [InlineData("notedge.test.")]
    [InlineData(".")]
    public void Names_outside_the_zones_are_refused(string name)
    {
        var response = exchange.Ask(name, DnsType.A);
        Assert.Equal(5, response.Rcode);
        Assert.False(response.Authoritative);
        Assert.Empty(response.Authority);
    }

    [Theory]
    [InlineData("nowhere.edge.test.", "sub.edge.test.")]
    public void Pointers_move_with_the_name_asked(string absent, string cut)
    {
        for (var length = 1; length <= 60; length++)
        {
            var label = new string('x', length);
            Assert.Equal([Denial], exchange.Ask($"{label}.{absent}", DnsType.A).Authority);
            Assert.Equal($"{cut} 600 NS ns.sub.edge.test.", exchange.Ask($"{label}.{cut}", DnsType.A).Authority[0]);
        }
    }
}
