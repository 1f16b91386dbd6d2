using System.Buffers;
using System.Net;
using CsCheck;
using Hanzo.Edge.Location.ProxyProtocol;

namespace Hanzo.Edge.Tests.Location.ProxyProtocol;

public sealed class ProxyHeaderTests
{
    [Fact]
    public void A_relayed_IPv4_connection_names_its_client()
        => Assert.Equal(
            new ProxyHeader(ProxyHeaderStatus.Complete, 28, IPEndPoint.Parse("81.2.69.142:49152")),
            ProxyHeader.Read(ProxyHeaders.Relayed("81.2.69.142:49152")));

    [Fact]
    public void A_relayed_IPv6_connection_names_its_client()
        => Assert.Equal(
            new ProxyHeader(ProxyHeaderStatus.Complete, 52, IPEndPoint.Parse("[2a00:1450::1]:443")),
            ProxyHeader.Read(ProxyHeaders.Relayed("[2a00:1450::1]:443")));

    [Fact]
    public void Extensions_and_what_follows_are_left_alone()
    {
        byte[] extensions = [0x04, 0x00, 0x02, 1, 2];
        var header = ProxyHeader.Read([.. ProxyHeaders.Relayed("81.2.69.142:1", extensions), .. "GET / HTTP/1.1\r\n"u8]);
        Assert.Equal((ProxyHeaderStatus.Complete, 28 + 5), (header.Status, header.Length));
    }

    [Theory]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x20, 0xFF, 7)]
    [InlineData(0x21, 0x00, 0)]
    [InlineData(0x21, 0x00, 9)]
    [InlineData(0x21, 0x01, 0)]
    [InlineData(0x21, 0x10, 0)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x22, 36)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0x32, 216)]
    public void A_connection_of_the_proxy_itself_or_without_an_IP_stream_keeps_its_real_end(byte command, byte family, int length)
        => Assert.Equal(new ProxyHeader(ProxyHeaderStatus.Complete, 16 + length, null), ProxyHeader.Read(ProxyHeaders.Raw(command, family, new byte[length])));

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x2F, 0x11, 12)]
    [InlineData(0x21, 0x41, 12)]
    [InlineData(0x21, 0x13, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x31, 215)]
    [InlineData(0x21, 0x11, 4081)]
    public void What_the_specification_does_not_allow_is_malformed(byte command, byte family, int length)
        => Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.Read(ProxyHeaders.Raw(command, family, new byte[length])).Status);

    [Fact]
    public void The_longest_header_is_read()
        => Assert.Equal(4096, ProxyHeader.Read(ProxyHeaders.Raw(0x21, 0x11, new byte[4080])).Length);

    [Theory]
    [InlineData("G")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXY TCP4 81.2.69.142 127.0.0.1 1 2\r\n")]
    [InlineData("\r\n\r\nX")]
    public void Another_protocol_is_malformed_at_its_first_wrong_byte(string text)
        => Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.Read(System.Text.Encoding.ASCII.GetBytes(text)).Status);

    [Fact]
    public void Every_beginning_of_a_header_is_incomplete_in_one_piece_and_in_two()
    {
        var header = ProxyHeaders.Relayed("[2a00:1450::1]:443");
        for (var length = 0; length < header.Length; length++)
        {
            Assert.Equal(ProxyHeaderStatus.Incomplete, ProxyHeader.Read(header.AsSpan(0, length)).Status);
            Assert.Equal(ProxyHeader.Read(header), ProxyHeader.Read(ProxyHeaders.InTwo(header, length)));
        }
    }

    [Fact]
    public void Whatever_comes_it_answers_and_never_takes_more_than_came()
        => Gen.Select(Gen.Bool, Gen.Byte, Gen.Byte, Gen.UShort[0, 300], Gen.Byte.Array[0, 300], Gen.Int[0, 300]).Sample(
            (signed, command, family, announced, rest, cut) =>
            {
                byte[] bytes = signed
                    ? [.. ProxyHeaders.Signature, command, family, (byte)(announced >> 8), (byte)announced, .. rest]
                    : [command, family, .. rest];
                var whole = ProxyHeader.Read(bytes);
                Assert.Equal(whole, ProxyHeader.Read(ProxyHeaders.InTwo(bytes, Math.Min(cut, bytes.Length))));
                Assert.InRange(whole.Length, 0, bytes.Length);
                Assert.Equal(whole.Status == ProxyHeaderStatus.Complete, whole.Length > 0);
            },
            iter: 100_000);
}
