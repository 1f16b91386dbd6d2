using System.Net;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Discovery;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Tests.Configuration;

/// <summary>Every key reaches the record it is meant for.</summary>
public sealed class EverySettingTests
{
    private const string File = "tests/Hanzo.Edge.Tests/Configuration/everything.yaml";

    private readonly ConfigurationResult result = Read.With().ReadFile(Path.Combine(Read.Root, File));

    private EdgeConfiguration Edge => result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Problems.Select(problem => problem.Show(File))));

    [Fact]
    public void Nothing_but_the_missing_certificate_is_remarked()
        => Assert.Equal(["listen[1].tls.certificate", "listen[1].tls.key"], result.Problems.Select(problem => problem.Message.Split(':')[0]));

    [Fact]
    public void The_edge_and_its_addresses()
    {
        Assert.Equal(("edge-paris-1", new GeoPoint(48.86, 2.35), new DrainOptions(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(45))), (Edge.Name, Edge.Location, Edge.Drain));
        Assert.Equal((new IPEndPoint(IPAddress.Any, 8080), true, null), (Edge.Listen[0].Address, Edge.Listen[0].ProxyProtocol, Edge.Listen[0].Tls));
        var folder = Path.Combine(Read.Root, Path.GetDirectoryName(File)!);
        Assert.Equal(new TlsOptions(Path.Combine(folder, "tls/edge.crt"), Path.Combine(folder, "tls/edge.key")), Edge.Listen[1].Tls);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9081), Edge.Admin);
        Assert.Equal([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("10.0.0.0/8")], Edge.Clients.TrustedProxies.AsEnumerable());
        Assert.Equal((new string('0', 62) + "ff", TimeSpan.FromSeconds(10)), (Edge.Geo.Sha256, Edge.Geo.PollInterval));
    }

    [Fact]
    public void The_regions()
    {
        var (first, last) = (Edge.Topology.Regions[0], Edge.Topology.Regions[2]);
        Assert.Equal(("us-east", 60, new RegionCapacity(500, 2000, Isolate: true), false), (first.Name, first.Weight, first.Capacity, first.Drained));
        Assert.Equal(
            [new RegionEndpoint("10.1.0.1:8080", new Uri("http://10.1.0.1:8080")), new RegionEndpoint("use-1", new Uri("https://use.example.com"), 10)],
            first.Endpoints.AsEnumerable());
        Assert.Equal((true, 100, null, "[2001:db8::1]:8080"), (last.Drained, last.Weight, last.Capacity, last.Endpoints[1].Name));
    }

    [Fact]
    public void The_rules()
    {
        var policy = Edge.Topology.Policy;
        Assert.Equal((TimeSpan.FromMilliseconds(5), 2), (policy.TieBand, policy.OverflowFactor));
        Assert.Equal(TimeSpan.FromMilliseconds(250), policy.Latency.ByCountry["NA"]["us-east"]);
        Assert.Equal(TimeSpan.FromMilliseconds(30), policy.Latency.ByContinent["NA"]["us-east"]);
        Assert.True(policy.Residency[0].Area.Covers(new Place("NO", "EU", null)));
        Assert.Equal(["eu-west", "eu-central"], policy.Residency[0].Allowed.Only.AsEnumerable());
        Assert.Equal(["us-east"], policy.Residency[1].Allowed.Never.AsEnumerable());
        Assert.Equal(["eu-west", "us-east"], policy.Preferences[0].Regions.AsEnumerable());
        Assert.Equal(new Place("IE", "EU", new GeoPoint(53.35, -6.26)), policy.Networks[0].Place);
        Assert.Equal((IPNetwork.Parse("2001:db8::/32"), "eu-west", "us-east", "eu-west"), (policy.Networks[1].Network, policy.Networks[1].Allowed.Only[0], policy.Networks[1].Allowed.Never[0], policy.Networks[1].Prefer[0]));
        Assert.Equal(new Place("FR", "EU", new GeoPoint(48.86, 2.35)), policy.DefaultPlace);
    }

    [Fact]
    public void The_probe()
    {
        var probe = Edge.Health.Probe;
        Assert.Equal(("HEAD", "/readyz?deep=1", "health.example.com", 9090), (probe.Method, probe.Path, probe.Host, probe.Port));
        Assert.Equal((TimeSpan.FromSeconds(2.5), 0.2, TimeSpan.FromMilliseconds(700)), (probe.Interval, probe.Jitter, probe.Timeout));
        Assert.Equal((4, 1, 3, TimeSpan.FromMilliseconds(200)), (probe.Fall, probe.Rise, probe.Forgive, probe.FastInterval));
        Assert.Equal([(200, 204), (401, 401)], probe.ExpectedStatus.Values.AsEnumerable());
        Assert.Equal([("X-Probe", "edge"), ("Authorization", "Bearer 42")], probe.Headers.Values.AsEnumerable());
        Assert.Equal((429, "ready", 0.5), (probe.RefusedStatus, probe.ExpectedBody, Edge.Health.UpShare));
    }

    [Fact]
    public void What_requests_and_operators_do_to_health()
    {
        Assert.Equal(
            new PassiveOptions { Consecutive = 3, FailureShare = 0.25, MinimumRequests = 40, Window = TimeSpan.FromSeconds(20), EjectFor = TimeSpan.FromSeconds(5), MaxEjectFor = TimeSpan.FromMinutes(2), MaxEjected = 0.3 },
            Edge.Health.Passive);
        Assert.Equal(
            new LatencyOptions { Factor = 4, AtLeast = TimeSpan.FromMilliseconds(80), Window = TimeSpan.FromSeconds(15), MinimumRequests = 30, Share = 0.1 },
            Edge.Health.Latency);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)), (Edge.Health.SlowStart, Edge.Health.Failback));
        Assert.Equal(new FailoverLimits(TimeSpan.FromSeconds(2), null), Edge.Health.Failover);
        Assert.Equal(new OverrideRules { MinServing = 2, OneAtATime = false }, Edge.Health.Overrides);
        Assert.Equal(Path.Combine(Read.Root, Path.GetDirectoryName(File)!, "state/overrides.json"), Edge.OverrideFile);
    }

    [Fact]
    public void The_names_that_endpoints_are_found_by()
    {
        Assert.Equal(
            [new DnsSource("us-east", "use.internal", DnsSourceType.Aaaa, "https", 8443, 20), new DnsSource("us-east", "_api._tcp.use.internal", DnsSourceType.Srv, "http", 80, 100)],
            Edge.Sources.AsEnumerable());
        Assert.Equal(
            new DiscoveryOptions { Resolvers = [IPEndPoint.Parse("10.0.0.53:53"), IPEndPoint.Parse("[2001:db8::53]:53")], Timeout = TimeSpan.FromMilliseconds(300), MinTtl = TimeSpan.FromSeconds(2), MaxTtl = TimeSpan.FromMinutes(1), StaleFor = TimeSpan.FromHours(12) },
            Edge.Discovery);
    }

    [Fact]
    public void The_other_edges()
    {
        var peers = Edge.Peers!;
        Assert.Equal((new IPEndPoint(IPAddress.Parse("10.0.0.1"), 8082), "correct horse battery staple", TimeSpan.FromMilliseconds(500)), (peers.Listen, peers.Key, peers.Exchange));
        Assert.Equal(new Uri("http://10.0.0.2:8082"), peers.Members["edge-paris-2"]);
        Assert.Equal(2, peers.Members.Count);
    }

    [Fact]
    public void A_route_in_all_of_yarps_words()
    {
        var route = Edge.Routes[0].Route;
        Assert.Equal(("api", "api", -10, TimeSpan.FromSeconds(10), 1048576L), (route.RouteId, route.ClusterId, route.Order, route.Timeout, route.MaxRequestBodySize));
        Assert.Equal(["api.example.com", "*.api.example.com:8443"], route.Match.Hosts!);
        Assert.Equal(("/v1/{tenant:int}/{**rest}", "GET", "PUT"), (route.Match.Path, route.Match.Methods![0], route.Match.Methods[1]));
        Assert.Equal(new RouteHeader { Name = "X-Tenant", Values = ["blue", "42"], Mode = HeaderMatchMode.HeaderPrefix, IsCaseSensitive = true }, route.Match.Headers![0]);
        Assert.Equal(HeaderMatchMode.NotExists, route.Match.Headers[1].Mode);
        Assert.Equal(new RouteQueryParameter { Name = "page", Values = ["1"], Mode = QueryParameterMatchMode.Exact }, route.Match.QueryParameters![0]);
        Assert.Equal(QueryParameterMatchMode.Exists, route.Match.QueryParameters[1].Mode);
        Assert.Equal("paris", route.Transforms![1]["Set"]);
        Assert.Equal("1", route.Metadata!["tier"]);
    }

    [Fact]
    public void What_steering_and_forwarding_ask_of_a_route()
    {
        var (api, carts) = (Edge.Routes[0], Edge.Routes[1]);
        Assert.Equal<string>(["eu-central"], api.Regions.Never);
        Assert.Equal((StateClass.Consensus, WhenNoneHealthy.Refuse), (api.State, api.WhenNoneHealthy));
        Assert.Equal((4, TimeSpan.FromMilliseconds(300), true, TimeSpan.FromMilliseconds(50), 1024), (api.Attempts.Most, api.Attempts.Timeout, api.Attempts.Deduplicates, api.Attempts.BackOff, api.Attempts.MaxReplayBody));
        Assert.True(api.Attempts.Hedges && api.PrefersLeader);
        Assert.Equal(new StickinessOptions { Mode = StickinessMode.Move, Name = "hanzo-region", Key = "correct horse battery staple", MaxAge = TimeSpan.FromHours(12) }, api.Stickiness);
        Assert.Equal(new StickinessOptions { Mode = StickinessMode.Temporary, Name = "Hanzo-Sticky", IsHeader = true, Key = "correct horse battery staple" }, carts.Stickiness);
        Assert.Equal([429, 503], api.Attempts.Statuses.AsEnumerable());
        Assert.Equal(new RetryBudgetOptions { Share = 0.1, PerSecond = 5 }, Edge.RetryBudget);
        Assert.Equal(new ForwarderOptions { Version = HttpVersion.Version20, ActivityTimeout = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromMilliseconds(250) }, api.Forwarder);
        Assert.Equal(("HashCookie", "sticky", "Return503Error", true), (api.Affinity!.Policy, api.Affinity.AffinityKeyName, api.Affinity.FailurePolicy, api.Affinity.Enabled));
        Assert.Equal(
            new SessionAffinityCookieConfig { Path = "/", Domain = "example.com", HttpOnly = true, SecurePolicy = CookieSecurePolicy.Always, SameSite = SameSiteMode.Lax, Expiration = TimeSpan.FromHours(1), MaxAge = TimeSpan.FromMinutes(30), IsEssential = true },
            api.Affinity.Cookie);
        Assert.Equal((StateClass.LocalWrite, WhenNoneHealthy.Nearest, "CustomHeader"), (carts.State, carts.WhenNoneHealthy, carts.Affinity!.Policy));
        Assert.Equal(["carts.example.com"], carts.Route.Match.Hosts!);
    }
}
