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
}
