using System.Net;
using CsCheck;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Tests.Location;

public sealed class AddressTextTests
{
    [Fact]
    public void Every_IPv6_address_is_read_back_from_how_it_is_written()
        => Gen.Select(Gen.Byte[0, 2], Gen.Byte).Array[16].Sample(
            pairs =>
            {
                // Many zero bytes, so that gaps stand at the start, in the middle and at the end.
                var address = new IPAddress(pairs.Select(pair => pair.Item1 == 2 ? pair.Item2 : (byte)0).ToArray());
                Assert.True(AddressText.TryParseNode(address.ToString(), out var key), address.ToString());
                Assert.Equal(ClientKey.Of(address), key);
            },
            iter: 20_000);

    [Fact]
    public void It_takes_no_text_that_the_platform_refuses_and_means_the_same_by_it()
        => Gen.String[Gen.Char["0123456789abcdef::::..."], 1, 24].Sample(
            text =>
            {
                if (AddressText.TryParseIPv6(text, out var key) || AddressText.TryParseIPv4(text, out key))
                {
                    Assert.True(IPAddress.TryParse(text, out var address), text);
                    Assert.Equal(ClientKey.Of(address), key);
                }
            },
            iter: 100_000);

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8:9")]
    [InlineData("12345::")]
    [InlineData("::1.2.3")]
    [InlineData("1.2.3.4::")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.04")]
    [InlineData("+1.2.3.4")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[::1]x")]
    [InlineData("[::1]:")]
    public void What_is_no_address_is_refused(string text) => Assert.False(AddressText.TryParseNode(text, out _));
}
