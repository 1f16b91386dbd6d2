using System.Net;
using System.Net.Sockets;
using CsCheck;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Tests.Location;

public sealed class ClientAddressTests
{
    private static readonly TrustedProxies Trusted = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:ffff::/48")]);

    [Theory]
    [InlineData("81.2.69.142", "81.2.69.142")]
    [InlineData("81.2.69.142:49152", "81.2.69.142")]
    [InlineData("[2a00:1450::1]:443", "2a00:1450::1")]
    [InlineData("[2a00:1450::1]", "2a00:1450::1")]
    [InlineData("2a00:1450::1", "2a00:1450::1")]
    [InlineData("::ffff:81.2.69.142", "81.2.69.142")]
    [InlineData("6.6.6.6, 81.2.69.142", "81.2.69.142")]
    [InlineData("6.6.6.6,81.2.69.142,10.0.0.9 , 2001:db8:ffff::9", "81.2.69.142")]
    [InlineData("10.0.0.7, 10.0.0.8", "10.0.0.7")]
    [InlineData(" , 81.2.69.142 ,, ", "81.2.69.142")]
    public void The_rightmost_untrusted_address_of_XForwardedFor_is_the_client(string header, string client)
        => Assert.Equal(new ClientAddress(Key(client), ClientSource.XForwardedFor, ForwardingVerdict.Believed), Of("127.0.0.1", forwardedFor: header));

    [Theory]
    [InlineData("for=81.2.69.142", "81.2.69.142")]
    [InlineData("For=\"81.2.69.142:49152\";proto=https;by=10.0.0.1", "81.2.69.142")]
    [InlineData("proto=http;for=\"[2a00:1450::1]:443\"", "2a00:1450::1")]
    [InlineData("for=6.6.6.6, for=81.2.69.142;host=\"a,b;for=7.7.7.7\", for=10.0.0.9", "81.2.69.142")]
    [InlineData("for=\"[2a00:1450::1]\" ; proto=https ,for=10.0.0.9", "2a00:1450::1")]
    public void The_rightmost_untrusted_address_of_Forwarded_is_the_client(string header, string client)
        => Assert.Equal(new ClientAddress(Key(client), ClientSource.Forwarded, ForwardingVerdict.Believed), Of("10.0.0.1", forwarded: header));

    [Theory]
    [InlineData("unknown")]
    [InlineData("6.6.6.6, garbage")]
    [InlineData("6.6.6.6, 1")]
    [InlineData("6.6.6.6, 0x7f.0.0.1")]
    [InlineData("6.6.6.6, 010.1.2.3")]
    [InlineData("6.6.6.6, 1.2.3.4:")]
    [InlineData("6.6.6.6, 1.2.3.4:99999")]
    [InlineData("6.6.6.6, fe80::1%eth0")]
    [InlineData("6.6.6.6, [2a00:1450::1")]
    [InlineData("6.6.6.6, 1.2.3.4 5.6.7.8")]
    public void An_entry_that_is_no_address_ends_at_the_last_trusted_proxy(string header)
    {
        Assert.Equal(new ClientAddress(Key("10.0.0.1"), ClientSource.Peer, ForwardingVerdict.Unreadable), Of("10.0.0.1", forwardedFor: header));
        Assert.Equal(new ClientAddress(Key("10.0.0.9"), ClientSource.XForwardedFor, ForwardingVerdict.Unreadable), Of("10.0.0.1", forwardedFor: $"{header}, 10.0.0.9"));
    }

    [Theory]
    [InlineData("for=_hidden")]
    [InlineData("for=unknown")]
    [InlineData("proto=https")]
    [InlineData("for=1.2.3.4;for=5.6.7.8")]
    [InlineData("for=\"1.2.3.4")]
    [InlineData("for=\"1.2\\.3.4\"")]
    [InlineData("for=")]
    [InlineData("1.2.3.4")]
    [InlineData("for=1.2.3.4 for=5.6.7.8")]
    public void A_Forwarded_element_that_is_no_address_or_no_element_ends_at_the_last_trusted_proxy(string header)
        => Assert.Equal(new ClientAddress(Key("10.0.0.1"), ClientSource.Peer, ForwardingVerdict.Unreadable), Of("10.0.0.1", forwarded: header));

    [Fact]
    public void A_quote_left_open_by_the_client_does_not_choose_what_the_proxy_said()
        => Assert.Equal(Key("10.0.0.1"), Of("10.0.0.1", forwarded: "for=\"6.6.6.6, for=\"[2a00:1450::1]:443\"").Address);

    [Fact]
    public void Header_lines_are_one_list_in_their_order()
    {
        Assert.Equal(Key("81.2.69.142"), Of("127.0.0.1", forwardedFor: new(["6.6.6.6", "81.2.69.142", "10.0.0.9"])).Address);
        Assert.Equal(Key("81.2.69.142"), Of("127.0.0.1", forwarded: new(["for=6.6.6.6, for=81.2.69.142", "for=10.0.0.9"])).Address);
    }

    [Fact]
    public void An_untrusted_peer_is_the_client_whatever_it_claims()
        => Assert.Equal(new ClientAddress(Key("81.2.69.142"), ClientSource.Peer, ForwardingVerdict.Untrusted), Of("81.2.69.142", forwarded: "for=10.0.0.1", forwardedFor: "10.0.0.1"));

    [Fact]
    public void Without_headers_the_peer_is_the_client()
        => Assert.Equal(new ClientAddress(Key("81.2.69.142"), ClientSource.Peer, ForwardingVerdict.None), Of("::ffff:81.2.69.142"));

    [Fact]
    public void Both_headers_are_believed_where_they_name_the_same_client_and_neither_where_not()
    {
        Assert.Equal(new ClientAddress(Key("81.2.69.142"), ClientSource.Forwarded, ForwardingVerdict.Believed), Of("10.0.0.1", "for=\"81.2.69.142:1\"", "81.2.69.142, 10.0.0.9"));
        Assert.Equal(new ClientAddress(Key("10.0.0.1"), ClientSource.Peer, ForwardingVerdict.Conflict), Of("10.0.0.1", "for=6.6.6.6", "81.2.69.142"));
    }

    [Fact]
    public void An_address_that_embeds_a_trusted_one_is_not_trusted()
    {
        // 2002:a00:1:: is 6to4 for 10.0.0.1.
        Assert.Equal(new ClientAddress(Key("2002:a00:1::"), ClientSource.XForwardedFor, ForwardingVerdict.Believed), Of("127.0.0.1", forwardedFor: "6.6.6.6, 2002:a00:1::"));
    }

    [Fact]
    public void A_chain_longer_than_the_limit_ends_at_the_last_proxy_looked_through()
    {
        var chain = string.Join(", ", Enumerable.Range(1, 100).Select(hop => $"10.0.1.{hop}").Reverse());
        Assert.Equal(Key("10.0.1.32"), Of("10.0.0.1", forwardedFor: chain).Address);
        Assert.Equal(Key("10.0.1.32"), Of("10.0.0.1", forwarded: string.Join(", ", chain.Split(", ").Select(hop => $"for={hop}"))).Address);
    }

    [Fact]
    public void No_header_makes_it_fail_or_believe_an_address_that_is_not_written_there()
        => Gen.String[Gen.Char["for=,;\"\\ []:.1290af_\t"], 0, 60].Sample(
            text =>
            {
                var client = Of("10.0.0.1", forwarded: text);
                var other = Of("10.0.0.1", forwardedFor: text);
                Assert.True(client.Source != ClientSource.Peer || client.Address == Key("10.0.0.1"));
                Assert.True(other.Source != ClientSource.Peer || other.Address == Key("10.0.0.1"));
            },
            iter: 20_000);

    [Fact]
    public void Reading_one_entry_allocates_nothing()
    {
        var peer = Key("127.0.0.1");
        StringValues forwardedFor = "2a00:1450::1";
        StringValues forwarded = "for=\"[2a00:1450::1]:443\";proto=https";
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                ClientAddress.Of(peer, Trusted, default, default);
                ClientAddress.Of(peer, Trusted, forwarded, forwardedFor);
            }
        }));
    }

    private static ClientAddress Of(string peer, StringValues forwarded = default, StringValues forwardedFor = default)
        => ClientAddress.Of(ClientKey.Of(IPAddress.Parse(peer)), Trusted, forwarded, forwardedFor);

    private static ClientKey Key(string address) => ClientKey.Of(IPAddress.Parse(address));
}
