using System.Net;
using Hanzo.Edge.Discovery;

namespace Hanzo.Edge.Tests.Discovery;

/// <summary>The lookup against a real authoritative server.</summary>
public sealed class DnsLookupTests : IAsyncLifetime
{
    private OwnDns dns = null!;

    public async Task InitializeAsync() => dns = await OwnDns.Start(
        "api 30 A 192.0.2.1",
        "api 30 A 192.0.2.2",
        "api 60 AAAA 2001:db8::1",
        "alias 5 CNAME api",
        "text 30 TXT hello",
        "_shop._tcp 20 SRV 10 60 8080 api",
        "_shop._tcp 20 SRV 20 0 8081 v6",
        "v6 7 AAAA 2001:db8::2",
        "_half._tcp 20 SRV 10 60 8080 api",
        "_half._tcp 20 SRV 10 60 8080 gone",
        "_none._tcp 20 SRV 0 0 0 .");

    public async Task DisposeAsync() => await dns.DisposeAsync();

    [Theory]
    [InlineData("api.up.test", "A", 30, "192.0.2.1:443 192.0.2.2:443")]
    [InlineData("api.up.test", "Aaaa", 60, "[2001:db8::1]:443")]
    [InlineData("alias.up.test", "A", 5, "192.0.2.1:443 192.0.2.2:443")]
    [InlineData("_shop._tcp.up.test", "Srv", 7, "192.0.2.1:8080 192.0.2.2:8080 [2001:db8::1]:8080 [2001:db8::2]:8081")]
    public async Task Finds_endpoints_with_the_shortest_ttl_of_all_that_led_there(string name, string type, int ttl, string endpoints)
    {
        var found = await Find(name, Enum.Parse<DnsSourceType>(type));

        Assert.Null(found.Problem);
        Assert.Equal(TimeSpan.FromSeconds(ttl), found.Ttl);
        Assert.Equal(endpoints.Split(' '), found.Endpoints.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Srv_says_priority_and_weight_and_a_host_with_several_addresses_shares_its_weight()
    {
        var found = (await Find("_shop._tcp.up.test", DnsSourceType.Srv)).Endpoints.ToDictionary(endpoint => endpoint.Name);

        Assert.Equal((10, 20, "api.up.test"), (found["192.0.2.1:8080"].Priority, found["192.0.2.1:8080"].Weight, found["192.0.2.1:8080"].Host));
        Assert.Equal((20, 1, "v6.up.test"), (found["[2001:db8::2]:8081"].Priority, found["[2001:db8::2]:8081"].Weight, found["[2001:db8::2]:8081"].Host));
        Assert.Equal(new Uri("https://192.0.2.1:8080"), found["192.0.2.1:8080"].Address);
    }

    [Theory]
    [InlineData("nowhere.up.test", "A", "Non-Existent Domain")]
    [InlineData("text.up.test", "A", "there is no such record")]
    [InlineData("v6.up.test", "A", "there is no such record")]
    [InlineData("_none._tcp.up.test", "Srv", "there is no such record")]
    [InlineData("_half._tcp.up.test", "Srv", "gone.up.test.: ")]
    [InlineData("elsewhere.test", "A", "Query Refused")]
    public async Task What_is_not_there_is_no_good_answer(string name, string type, string problem)
    {
        var found = await Find(name, Enum.Parse<DnsSourceType>(type));

        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Empty(found.Endpoints);
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_is_a_problem_and_not_an_exception()
    {
        var nobody = new DnsLookup(new DiscoveryOptions { Resolvers = [new IPEndPoint(IPAddress.Loopback, 1)], Timeout = TimeSpan.FromMilliseconds(50) });

        Assert.NotNull((await nobody.FindAsync(new DnsSource("eu", "api.up.test", DnsSourceType.A, "http", 80, 100), CancellationToken.None)).Problem);
    }

    private Task<DnsFinding> Find(string name, DnsSourceType type) =>
        new DnsLookup(new DiscoveryOptions { Resolvers = [dns.Address], Timeout = TimeSpan.FromSeconds(5) })
            .FindAsync(new DnsSource("eu", name, type, "https", 443, 100), CancellationToken.None);
}
