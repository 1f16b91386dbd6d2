using System.Net;
using CsCheck;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Dns.Tests.Steered;

public sealed class SteeredAnswerTests
{
    [Theory]
    [InlineData("11.1.2.0/24", "203.0.113.1", 15)] // what is not located goes there too
    [InlineData("11.2.2.0/24", "203.0.113.2", 16)]
    [InlineData("11.3.2.0/24", "203.0.113.3", 16)]
    [InlineData("2001:db8:a:1::/64", "203.0.113.2", 48)]
    public void A_client_network_gets_the_nearest_region_and_how_far_that_holds(string network, string address, int scope)
    {
        var response = new Exchange().Ask(new Query("shop.edge.test.", DnsType.A).From(network));
        Assert.Equal([$"shop.edge.test. 30 A {address}"], response.Answers);
        Assert.Equal(scope, response.Scope);
    }

    [Fact]
    public void Without_a_client_network_the_resolver_is_the_client()
    {
        var exchange = new Exchange { Resolver = IPAddress.Parse("11.3.0.9") };
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.3"], exchange.Ask("shop.edge.test.", DnsType.A).Answers);
        var unlocated = exchange.Ask(new Query("shop.edge.test.", DnsType.AAAA).From("0.0.0.0/0"));
        Assert.Equal(["shop.edge.test. 30 AAAA 2001:db8:3::1"], unlocated.Answers);
        Assert.Equal("1/0/0", unlocated.Subnet);
    }

    [Fact]
    public void A_name_that_ignores_client_networks_says_that_its_answer_holds_for_all()
    {
        var zone = TestZone.Edge with { Steered = [TestZone.Steered("shop") with { IgnoreEcs = true }] };
        var exchange = new Exchange(TestWorld.Snapshot(zone: zone with { Records = [.. zone.Records.Where(r => !r.Name.ToString().StartsWith("shopping"))] })) { Resolver = IPAddress.Parse("11.3.0.9") };
        var response = exchange.Ask(new Query("shop.edge.test.", DnsType.A).From("11.1.2.0/24"));
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.3"], response.Answers);
        Assert.Equal("1/24/0", response.Subnet);
    }

    [Fact]
    public void A_region_that_is_down_is_no_answer_and_the_scope_grows_over_those_it_told_apart()
    {
        var exchange = new Exchange(TestWorld.Snapshot(TestWorld.Steering(down: "dublin")));
        var london = exchange.Ask(new Query("shop.edge.test.", DnsType.A).From("11.2.2.0/24"));
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.1"], london.Answers);
        Assert.Equal(16, london.Scope); // 11.3/16 goes to Singapore
        var two = new Exchange(TestWorld.Snapshot(TestWorld.Steering(down: ["dublin", "singapore"])));
        Assert.Equal(0, two.Ask(new Query("shop.edge.test.", DnsType.A).From("11.2.2.0/24")).Scope);
    }

    [Fact]
    public void Where_nothing_fits_the_nearest_is_answered_as_far_as_it_is_that()
    {
        var topology = Some.Topology(new SteeringPolicy(), [.. Some.Regions(TestWorld.Regions)]);
        var none = new SteeringWorld(new HealthSnapshot(1, topology, [.. TestWorld.Regions.Select(_ => Some.Health(up: false) with { Share = 0 })]), TestWorld.Places);
        var response = new Exchange(TestWorld.Snapshot(none)).Ask(new Query("shop.edge.test.", DnsType.A).From("11.2.2.0/24"));
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.2"], response.Answers);
        Assert.Equal(16, response.Scope);
    }

    [Fact]
    public void Several_addresses_come_nearest_first_also_below_a_wildcard()
    {
        var exchange = new Exchange();
        Assert.Equal(["a.pool.edge.test. 30 A 203.0.113.2", "a.pool.edge.test. 30 A 203.0.113.1"], exchange.Ask(new Query("a.pool.edge.test.", DnsType.A).From("11.2.2.0/24")).Answers);
        Assert.Equal(["b.c.pool.edge.test. 30 AAAA 2001:db8:3::1", "b.c.pool.edge.test. 30 AAAA 2001:db8:2::1"], exchange.Ask(new Query("b.c.pool.edge.test.", DnsType.AAAA).From("11.3.2.0/24")).Answers);
    }

    [Fact]
    public void A_name_over_edges_leads_to_those_that_are_not_lost_nearest_first()
    {
        var topology = Site.Topology(1, [.. TestWorld.Regions.Select(city => new Site { Name = city, Location = Cities.Location(city) })], new SteeringPolicy());
        var zone = TestZone.Parse("edge.test.", "@ 3600 NS ns1") with { Steered = [TestZone.Steered("edges", answers: 2) with { Over = SteeredOver.Sites }] };
        Assert.Equal(["203.0.113.2", "203.0.113.1"], Ask());
        Assert.Equal(["203.0.113.1", "203.0.113.3"], Ask("dublin"));

        IEnumerable<string> Ask(params string[] lost)
        {
            var sites = new SteeringWorld(Site.Health(1, topology, lost.ToHashSet()), TestWorld.Places);
            var response = new Exchange(TestWorld.Snapshot(TestWorld.Steering(down: ["dublin", "ashburn"]), zone, sites: sites)).Ask(new Query("edges.edge.test.", DnsType.A).From("11.2.2.0/24"));
            return response.Answers.Select(answer => answer.Split(' ')[^1]);
        }
    }

    [Theory]
    [InlineData("shopping.edge.test.")]
    [InlineData("x.walias.edge.test.")]
    [InlineData("a.longer.one.walias.edge.test.")]
    public void A_CNAME_leads_to_a_steered_name(string name)
    {
        var response = new Exchange().Ask(new Query(name, DnsType.A).From("11.2.2.0/24"));
        Assert.Equal(["CNAME shop.edge.test.", "A 203.0.113.2"], response.Answers.Select(a => string.Join(' ', a.Split(' ')[2..])));
        Assert.StartsWith("shop.edge.test. 30 ", response.Answers[1]);
        Assert.Equal(16, response.Scope);
    }

    [Fact]
    public void Without_an_address_of_the_family_the_data_is_denied_for_a_short_time()
    {
        var response = new Exchange().Ask(new Query("four.edge.test.", DnsType.AAAA).From("11.2.2.0/24"));
        Assert.Equal(0, response.Rcode);
        Assert.Equal(["edge.test. 5 SOA " + TestZone.Authority], response.Authority);
    }

    [Fact]
    public void Where_residency_leaves_nothing_nothing_is_answered()
    {
        var policy = new SteeringPolicy { Residency = [new(Some.Countries("GB"), new(["dublin"], []))] };
        var zone = TestZone.Edge with
        {
            Steered = [TestZone.Steered("shop") with { WhenNoneHealthy = WhenNoneHealthy.Refuse }, TestZone.Steered("*.pool")],
        };
        var exchange = new Exchange(TestWorld.Snapshot(TestWorld.Steering(policy, "dublin"), zone));
        Assert.Empty(exchange.Ask(new Query("shop.edge.test.", DnsType.A).From("11.2.2.0/24")).Answers);
        Assert.Single(exchange.Ask(new Query("shop.edge.test.", DnsType.A).From("11.1.2.0/24")).Answers);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(17, 17)]
    [InlineData(900, 30)]
    public void The_TTL_is_the_time_to_the_next_change_between_its_bounds(int seconds, int ttl)
    {
        var snapshot = TestWorld.Snapshot(change: (_, region) => TimeSpan.FromSeconds(region == 1 ? seconds : 1000));
        Assert.Equal([$"shop.edge.test. {ttl} A 203.0.113.1"], new Exchange(snapshot).Ask(new Query("shop.edge.test.", DnsType.A).From("11.1.0.0/24")).Answers);
    }

    [Theory]
    [InlineData("::ffff:11.2.2.0/120", 96 + 16)]
    [InlineData("64:ff9b::11.2.2.0/120", 96 + 16)]
    [InlineData("2002:0b02:0200::/40", 16 + 16)]
    public void An_IPv4_client_inside_IPv6_is_where_its_IPv4_address_is(string network, int scope)
    {
        var response = new Exchange().Ask(new Query("shop.edge.test.", DnsType.A).From(network));
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.2"], response.Answers);
        Assert.Equal(scope, response.Scope);
    }

    [Theory]
    [InlineData("2003::/32", 16)] // not as far as 2002::/16, where clients are located by their IPv4 addresses
    [InlineData("64:ff9b:1::/48", 48)]
    [InlineData("2002:0a02:0200::/40", 48)] // 10.2.2.0: nobody is there, but others are beside it
    [InlineData("::fffe:0:0/96", 96)]
    public void The_scope_ends_before_addresses_that_are_located_otherwise(string network, int scope)
    {
        var response = new Exchange().Ask(new Query("shop.edge.test.", DnsType.A).From(network));
        Assert.Equal(["shop.edge.test. 30 A 203.0.113.1"], response.Answers);
        Assert.Equal(scope, response.Scope);
    }

    [Fact]
    public void A_tie_band_spreads_networks_by_weight_and_the_scope_says_so()
    {
        var policy = new SteeringPolicy { TieBand = TimeSpan.FromSeconds(1) };
        var exchange = new Exchange(TestWorld.Snapshot(TestWorld.Steering(policy)));
        var regions = new Dictionary<string, int>();
        for (var i = 0; i < 256; i++)
        {
            var response = exchange.Ask(new Query("shop.edge.test.", DnsType.A).From($"11.1.{i}.0/24"));
            Assert.Equal(24, response.Scope);
            regions[response.Answers[0]] = regions.GetValueOrDefault(response.Answers[0]) + 1;
        }

        Assert.Equal(3, regions.Count);
        Assert.All(regions.Values, count => Assert.InRange(count, 50, 120));
    }

    [Fact]
    public void Every_address_inside_the_scope_gets_the_same_answer_and_the_one_decided_for_it()
    {
        var policy = new SteeringPolicy
        {
            Networks = [Some.Network("11.2.128.0/20") with { Prefer = ["singapore"] }, Some.Network("192.0.2.0/28") with { Place = Cities.Place("tokyo") }, Some.Network("2001:db8:b::/47") with { Prefer = ["ashburn"] }],
        };
        var world = TestWorld.Steering(policy);
        var exchange = new Exchange(TestWorld.Snapshot(world));
        var addresses = Gen.OneOf(
            Gen.UInt[0x0B000000, 0x0B04FFFF], Gen.UInt[0xC0000200, 0xC000021F], Gen.UInt);
        Gen.Select(addresses, Gen.UInt).Sample((address, other) =>
        {
            var first = exchange.Ask(Query(address));
            var host = 32 - first.Scope;
            var neighbour = host == 32 ? other : (address >> host << host) | (other & ((1u << host) - 1));
            Span<Candidate> candidates = new Candidate[3];
            var client = ClientKey.Of(address);
            var decision = world.Decide(new() { Place = TestWorld.PlaceOf(client), Network = world.Networks.Find(client) }, candidates);
            return first.Answers.SequenceEqual(exchange.Ask(Query(neighbour)).Answers)
                && first.Answers[0].EndsWith($".{decision.Eligible[0].Region + 1}", StringComparison.Ordinal);
        }, iter: 5000, threads: 1);

        static Query Query(uint address) => new Query("shop.edge.test.", DnsType.A).With(8, [0, 1, 32, 0, .. BitConverter.GetBytes(address).Reverse()]);
    }
}
