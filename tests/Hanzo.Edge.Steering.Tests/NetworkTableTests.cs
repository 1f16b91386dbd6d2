using System.Net;
using CsCheck;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class NetworkTableTests
{
    private static readonly string[] Cidrs =
    [
        "10.0.0.0/8", "10.20.0.0/16", "10.20.30.0/24", "10.20.30.40/32", "0.0.0.0/0", "255.255.255.255/32", "2001:db8::/32",
        "2001:db8:1::/48", "2001:db8:1::1/128", "::/0", "::ffff:0:0/96", "::ffff:10.99.0.0/112", "ffff::/16", "::/128", "10.20.0.0/16",
    ];

    [Theory]
    [InlineData("10.20.30.40", "10.20.30.40/32")]
    [InlineData("10.20.30.41", "10.20.30.0/24")]
    [InlineData("10.20.31.0", "10.20.0.0/16")]
    [InlineData("10.21.0.0", "10.0.0.0/8")]
    [InlineData("11.0.0.0", null)]
    [InlineData("9.255.255.255", null)]
    [InlineData("2001:db8::1", "2001:db8::/32")]
    [InlineData("2001:db9::", null)]
    public void The_longest_prefix_is_found(string client, string? expected)
    {
        string[] cidrs = ["10.0.0.0/8", "10.20.30.0/24", "10.20.30.40/32", "2001:db8::/32", "10.20.0.0/16"];

        var found = Table(cidrs).Find(Some.Client(client));

        Assert.Equal(expected, found < 0 ? null : cidrs[found]);
    }

    [Fact]
    public void A_rule_for_all_of_IPv6_does_not_speak_of_IPv4()
    {
        var table = Table("::/0");

        Assert.Equal(-1, table.Find(Some.Client("192.0.2.1")));
        Assert.Equal(0, table.Find(Some.Client("2001:db8::1")));
        Assert.Equal(0, table.Find(Some.Client("::fffe:ffff:ffff")));
        Assert.Equal(0, table.Find(Some.Client("::1:0:0:0")));
    }

    [Fact]
    public void IPv4_may_be_written_in_mapped_form() => Assert.Equal(0, Table("::ffff:10.0.0.0/104").Find(Some.Client("10.1.2.3")));

    [Fact]
    public void Of_two_rules_for_one_network_the_first_is_found_and_the_second_is_around_it()
    {
        var table = Table("10.0.0.0/8", "10.0.0.0/8");

        Assert.Equal(0, table.Find(Some.Client("10.1.2.3")));
        Assert.Equal(1, table.Wider(0));
        Assert.Equal(-1, table.Wider(1));
    }

    [Fact]
    public void Without_rules_nothing_is_found() => Assert.Equal(-1, Table().Find(Some.Client("10.1.2.3")));

    [Fact]
    public void Finding_allocates_nothing()
    {
        var table = Table(Cidrs);
        var client = Some.Client("10.20.30.41");

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++) table.Find(client);
        }));
    }

    [Fact]
    public void Agrees_with_asking_every_rule_in_turn()
    {
        var near = Gen.Select(Gen.OneOf(Cidrs), Gen.Int[-2, 2]).Select((cidr, step) =>
        {
            var network = IPNetwork.Parse(cidr);
            return new ClientKey(ClientKey.Of(network.BaseAddress).Value + (UInt128)step);
        });
        Gen.Select(Gen.Shuffle(Cidrs, 0, Cidrs.Length), near.Array[1, 50]).Sample((cidrs, clients) =>
        {
            var table = Table(cidrs);
            foreach (var client in clients) Assert.Equal(FindByAskingEveryRule(cidrs, client), table.Find(client));
        }, iter: 500);
    }

    private static int FindByAskingEveryRule(string[] cidrs, ClientKey client)
    {
        var best = -1;
        var bestLength = -1;
        for (var i = 0; i < cidrs.Length; i++)
        {
            var network = IPNetwork.Parse(cidrs[i]);
            var isIPv4 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            var length = network.PrefixLength + (isIPv4 ? 96 : 0);
            if (length <= bestLength || (client.IsIPv4 && length < 96)) continue;
            var shift = 128 - length;
            var same = shift == 128 || client.Value >> shift == ClientKey.Of(network.BaseAddress).Value >> shift;
            if (same) (best, bestLength) = (i, length);
        }
        return best;
    }

    private static NetworkTable Table(params string[] cidrs) => new([.. cidrs.Select(Some.Network)]);
}
