using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;

namespace Hanzo.Edge.Dns.Tests.Zone;

public sealed class RecordTextTests
{
    [Theory]
    [InlineData(DnsType.TXT, "plain \"two words\" \"a\\\"b\\065\"", "05706c61696e0974776f20776f72647304612262" + "41")]
    [InlineData(DnsType.TXT, "\"\"", "00")]
    [InlineData(DnsType.CAA, "128 iodef mailto:a@b.c", "8005696f6465666d61696c746f3a6140622e63")]
    [InlineData(DnsType.A, "\\# 4 c0000201", "c0000201")]
    [InlineData(DnsType.HTTPS, "1 . port=8443 alpn=h2 ipv6hint=2001:db8::1 mandatory=port key65000=x", "000100" + "000000020003" + "00010003026832" + "00030002" + "20fb" + "0006001020010db8000000000000000000000001" + "fde8000178")]
    [InlineData(DnsType.SVCB, "0 other", "0000056f746865720465646765047465737400")]
    [InlineData((DnsType)4711, "\\# 0", "")]
    public void Data_is_read_as_zone_files_write_it(DnsType type, string text, string hex)
    {
        Assert.True(RecordText.TryParse(type, text, TestZone.Name("@"), out var data, out _));
        Assert.Equal(hex, Convert.ToHexStringLower([.. data.Parts.SelectMany(p => p.Name is { } n ? n.Wire.ToArray() : [.. p.Bytes])]));
    }

    [Theory]
    [InlineData(DnsType.A, "192.0.2", "IPv4")]
    [InlineData(DnsType.A, "2001:db8::1", "IPv4")]
    [InlineData(DnsType.AAAA, "192.0.2.1", "IPv6")]
    [InlineData(DnsType.MX, "mail", "preference")]
    [InlineData(DnsType.SRV, "0 0 99999 www", "port")]
    [InlineData(DnsType.TXT, "\"open", "quote")]
    [InlineData(DnsType.CNAME, "two words", "name")]
    [InlineData(DnsType.CNAME, "a..b", "name")]
    [InlineData(DnsType.HTTPS, "1 . alpn=h2 alpn=h3", "twice")]
    [InlineData(DnsType.HTTPS, "1 . colour=red", "colour")]
    [InlineData(DnsType.SOA, "x", "soa section")]
    [InlineData((DnsType)4711, "words", "RFC 3597")]
    [InlineData((DnsType)4711, "\\# 2 ab", "as many")]
    public void What_cannot_be_read_is_said_with_what_is_expected(DnsType type, string text, string part)
    {
        Assert.False(RecordText.TryParse(type, text, TestZone.Name("@"), out _, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", true)]
    [InlineData("https", true)]
    [InlineData("TYPE65280", true)]
    [InlineData("ANY", false)]
    [InlineData("TYPE252", false)]
    [InlineData("OPT", false)]
    [InlineData("7", false)]
    [InlineData("NONSENSE", false)]
    public void Types_are_named_by_mnemonic_or_number(string text, bool good) => Assert.Equal(good, RecordText.TryParseType(text, out _));
}
