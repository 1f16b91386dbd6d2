using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Zone;

namespace Hanzo.Edge.Dns.Tests.Zone;

public sealed class ZoneCompilerTests
{
    [Theory]
    [InlineData("www 60 A 192.0.2.1", "no name servers")]
    [InlineData("@ 60 NS ns\nx 60 CNAME y\nx 60 A 192.0.2.1", "stands alone")]
    [InlineData("@ 60 NS ns\n@ 60 CNAME y", "apex cannot be a CNAME")]
    [InlineData("@ 60 NS ns\nother.example. 60 A 192.0.2.1", "outside the zone")]
    [InlineData("@ 60 NS ns\nx 60 A 192.0.2.1\nx 30 A 192.0.2.2", "different TTLs")]
    [InlineData("@ 60 NS ns\na 60 CNAME b\nb 60 CNAME a", "back to itself")]
    [InlineData("@ 60 NS ns\n*.x 60 NS ns", "wildcard cannot be delegated")]
    [InlineData("@ 60 NS ns\nshop 60 A 192.0.2.1", "steered name cannot have")]
    public void What_is_wrong_with_a_zone_is_said(string lines, string part)
    {
        var zone = TestZone.Parse("edge.test.", lines) with { Steered = [TestZone.Steered("shop")] };
        Assert.Null(ZoneCompiler.Compile([zone], out var errors));
        Assert.Contains(errors, error => error.ToString().Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var zone = TestZone.Parse("edge.test.", "x 60 CNAME x") with
        {
            Steered = [TestZone.Steered("shop", answers: 99), TestZone.Steered("shop") with { MinTtl = TimeSpan.FromHours(1) }],
        };
        Assert.Null(ZoneCompiler.Compile([zone, zone], out var errors));
        Assert.True(errors.Length >= 5, string.Join('\n', errors));
    }

    [Fact]
    public void A_zone_below_another_answers_for_itself()
    {
        var parent = TestZone.Parse("edge.test.", "@ 60 NS ns.example.\nsub 60 NS ns.example.");
        var child = TestZone.Parse("sub.edge.test.", "@ 60 NS ns.example.\nwww 60 A 192.0.2.1");
        Assert.NotNull(ZoneCompiler.Compile([parent, child], out _));
    }
}
