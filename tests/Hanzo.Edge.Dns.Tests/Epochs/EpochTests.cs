using System.Net;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Dns.Tests.Epochs;

public sealed class EpochTests
{
    private readonly FakeTimeProvider time = new();
    private readonly EpochBook book;

    public EpochTests() => book = new(time);

    [Theory]
    [InlineData("198.18.0.0/16", DnsType.A, "192.0.2.77", "192.0.2.0/24")]
    [InlineData("198.18.0.0/20", DnsType.A, "2001:db8:1:2ff::53", "2001:db8:1:200::/56")]
    [InlineData("2001:db8:e::/64", DnsType.AAAA, "192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8:e::/116", DnsType.AAAA, "2001:db8:1:2ff::53", "2001:db8:1:200::/56")]
    public void An_address_says_which_answer_it_is_out_of_and_who_was_given_it(string network, DnsType type, string resolver, string told)
    {
        var epochs = IPNetwork.Parse(network);
        var first = Address(Answers(epochs), type, resolver);
        Assert.True(epochs.Contains(first));
        Assert.Null(book.Judge(epochs, first));

        var second = Address(Answers(epochs), type, resolver);
        Assert.NotEqual(first, second);
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(new StaleAnswer(told, TimeSpan.FromSeconds(40)), book.Judge(epochs, first));
        Assert.Null(book.Judge(epochs, second));

        Answers(epochs);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((45.0, 5.0), (book.Judge(epochs, first)!.Value.Age.TotalSeconds, book.Judge(epochs, second)!.Value.Age.TotalSeconds));
    }

    [Fact]
    public void Addresses_beside_the_network_and_answers_of_another_life_say_nothing()
    {
        var epochs = IPNetwork.Parse("198.18.0.0/16");
        Answers(epochs);
        Assert.Null(book.Judge(epochs, IPAddress.Parse("198.19.0.1")));
        Assert.Null(book.Judge(epochs, IPAddress.Parse("198.18.77.1")));
        Assert.Null(book.Judge(epochs, IPAddress.IPv6Loopback));
        Assert.Null(book.Judge(epochs, Address(Answers(epochs), DnsType.A, "192.0.2.77").MapToIPv6()));
    }

    [Fact]
    public void The_other_family_and_the_other_regions_keep_their_addresses()
    {
        var epochs = IPNetwork.Parse("198.18.0.0/16");
        var exchange = new Exchange(Answers(epochs));
        Assert.Equal(["shop.edge.test. 30 AAAA 2001:db8:1::1"], exchange.Ask(new Query("shop.edge.test.", DnsType.AAAA).From("11.1.2.0/24")).Answers);
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.2"], exchange.Ask(new Query("shop.edge.test.", DnsType.A).From("11.2.2.0/24")).Answers);
    }

    private static IPAddress Address(DnsSnapshot answers, DnsType type, string resolver) =>
        IPAddress.Parse(new Exchange(answers) { Resolver = IPAddress.Parse(resolver) }.Ask(new Query("shop.edge.test.", type).From("11.1.2.0/24")).Answers.Single().Split(' ')[^1]);

    /// <summary>The next generation of answers: ashburn is reached by <paramref name="epochs"/>.</summary>
    private DnsSnapshot Answers(IPNetwork epochs)
    {
        var shop = TestZone.Steered("shop");
        shop = shop with { Targets = [shop.Targets[0] with { Epochs = epochs }, .. shop.Targets[1..]] };
        var zones = ZoneCompiler.Compile([TestZone.Parse("edge.test.", "@ 3600 NS ns1") with { Steered = [shop] }], out _)!;
        using var metrics = new DnsMetrics();
        return new(zones, SteeringView.Prepare(zones, TestWorld.Steering(), null, TestWorld.Networks, null, metrics, book), TestWorld.Options);
    }
}
