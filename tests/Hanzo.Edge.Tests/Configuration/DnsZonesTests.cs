using Hanzo.Edge.Dns.Steered;

namespace Hanzo.Edge.Tests.Configuration;

public sealed class DnsZonesTests
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(Read.Root, "config/edge-dns.yaml"));

    [Fact]
    public void The_sample_has_a_zone_with_a_steered_name()
    {
        var result = Read.Text(Sample);
        Assert.Empty(result.Problems);
        var dns = result.Configuration!.Dns!;
        Assert.Equal(5353, dns.Listen.Single().Port);
        Assert.Equal("shop.edge.test.", dns.Zones.Steered.Single().Name.ToString());
        Assert.Equal(TimeSpan.FromSeconds(15), dns.Zones.Steered.Single().MaxTtl);
    }

    [Fact]
    public void An_edge_may_answer_DNS_and_nothing_else()
    {
        var alone = Sample.Replace("listen:\n  - address: 127.0.0.1:${env:HANZO_EDGE_PORT:-8080}\n", "roles: [dns]\n", StringComparison.Ordinal)
            .Replace("routes:\n  catalog:\n    match: { path: \"/v1/{**rest}\" }\n", "", StringComparison.Ordinal).Replace("requests: 1s, ", "", StringComparison.Ordinal);
        var result = Read.Text(alone);
        Assert.Empty(result.Problems);
        Assert.Equal((true, true, false), (result.Configuration!.Listen.IsEmpty, result.Configuration.Routes.IsEmpty, result.Configuration.Dns is null));

        Assert.Contains(Read.Text(alone.Replace("[dns]", "[proxy, dns]", StringComparison.Ordinal)).Errors, problem => problem.Message == "the file: 'routes' is missing");
        Assert.Null(Read.Text(Sample.Replace("version: 1", "version: 1\nroles: [proxy]", StringComparison.Ordinal)).Configuration!.Dns);
        Assert.Contains(Read.Text(alone[..alone.IndexOf("\ndns:", StringComparison.Ordinal)]).Errors, problem => problem.Message.StartsWith("roles: `dns` is named", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_may_lead_to_edges()
    {
        var result = Read.Text(WithSites("over: sites, ttl: { max: 15s }"));
        Assert.Equal(["dns.sites.edge-fra: this edge never hears from it: it stays an answer when it is lost"], result.Problems.Select(problem => problem.Message));
        var dns = result.Configuration!.Dns!;
        Assert.Equal(["edge-dns", "edge-fra"], dns.Sites!.Regions.Select(site => site.Name));
        var shop = dns.Zones.Steered.Single();
        Assert.Equal((SteeredOver.Sites, 2), (shop.Over, shop.Targets.Length));
        Assert.Equal(["198.51.100.2", "2001:db8:f::2"], shop.Targets[1].Addresses.Select(address => address.ToString()));
        Assert.Equal("vantage exchange × 3 missed", result.Configuration.Failover.Dns.Single().Budget.Rows[0].Name);
    }

    [Theory]
    [InlineData(true, "over: regions", "`addresses` is missing")]
    [InlineData(true, "over: sites, addresses: { us-east: [203.0.113.1] }", "the edges of `dns.sites` have their own")]
    [InlineData(false, "over: sites", "there are no sites to lead to")]
    public void A_name_leads_either_to_regions_or_to_edges(bool hasSites, string shop, string wrong) =>
        Assert.Contains(Read.Text(WithSites(shop, hasSites)).Errors, problem => problem.Message.Contains(wrong, StringComparison.Ordinal));

    [Theory]
    [InlineData("\"www 300 A 192.0.2.80\"", "\"www 300 A 192.0.2\"", "the data of www A cannot be read", "IPv4")]
    [InlineData("\"www 300 A 192.0.2.80\"", "\"www A 192.0.2.80\"", "is not NAME TTL TYPE DATA", "seconds")]
    [InlineData("\"www 300 A 192.0.2.80\"", "\"www 300 AXFR x\"", "'AXFR' is not a record type", "TYPE")]
    [InlineData("\"www 300 A 192.0.2.80\"", "\"www..x 300 A 192.0.2.80\"", "is not a domain name", "labels")]
    [InlineData("\"alias 300 CNAME www\"", "\"www 300 CNAME alias\"", "stands alone", null)]
    [InlineData("us-east: [203", "us-eats: [203", "us-eats", "us-east")]
    [InlineData("answers: 1", "answers: 99", "is out of range", "16")]
    [InlineData("[203.0.113.1,", "[203.0.113,", "is not an IP address", "dots")]
    [InlineData("perSecond:", "perSeconds:", "unknown key 'perSeconds'", "perSecond")]
    public void A_mistake_is_told_with_its_place_and_how_to_mend_it(string good, string bad, string wrong, string? fix)
    {
        Assert.Contains(good, Sample, StringComparison.Ordinal);
        var result = Read.Text(Sample.Replace(good, bad, StringComparison.Ordinal));
        Assert.Null(result.Configuration);
        Assert.Contains(result.Problems, problem => problem.Message.Contains(wrong, StringComparison.Ordinal)
            && (fix is null || problem.Message.Contains(fix, StringComparison.Ordinal) || problem.Fix!.Contains(fix, StringComparison.Ordinal)) && problem.At.Line > 30);
    }

    /// <summary>The sample with two edges, and what its steered name is in place of what it was.</summary>
    private static string WithSites(string shop, bool hasSites = true) => Sample[..Sample.IndexOf("      steered:", StringComparison.Ordinal)].Replace("  zones:\n", hasSites ? """
          sites:
            edge-dns: { location: [39.04, -77.49], addresses: [198.51.100.1], region: us-east }
            edge-fra: { location: [50.11, 8.68], addresses: [198.51.100.2, "2001:db8:f::2"] }
          zones:

        """ : "  zones:\n", StringComparison.Ordinal) + $"      steered:\n        shop: {{ {shop} }}\n";
}
