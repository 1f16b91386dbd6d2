using System.Collections.Immutable;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class SiteTests
{
    private static readonly ImmutableArray<Place> Places = [Place.Nowhere, Cities.Place("london"), Cities.Place("boston")];

    private static readonly ImmutableArray<Site> Sites =
    [
        new() { Name = "edge-paris", Location = Cities.Location("paris"), Region = "eu-west" },
        new() { Name = "edge-dublin", Location = Cities.Location("dublin"), Region = "eu-west" },
        new() { Name = "edge-ashburn", Location = Cities.Location("ashburn"), Region = "us-east" },
        new() { Name = "edge-sea", Location = Cities.Location("singapore") },
    ];

    [Fact]
    public void Sites_are_chosen_by_distance_and_lost_ones_are_not()
    {
        Assert.Equal(["edge-paris", "edge-dublin", "edge-ashburn", "edge-sea"], Chosen(1, new SteeringPolicy()));
        Assert.Equal(["edge-dublin", "edge-ashburn", "edge-sea"], Chosen(1, new SteeringPolicy(), "edge-paris"));
    }

    [Fact]
    public void A_site_in_no_region_serves_nobody_who_is_bound_to_some()
    {
        var policy = new SteeringPolicy { Residency = [new(Some.Countries("GB"), new(["us-east"], []))] };
        Assert.Equal(["edge-ashburn"], Chosen(1, policy));
        Assert.Equal(4, Chosen(2, policy).Length);
        Assert.Empty(Chosen(1, policy, "edge-ashburn"));
        Assert.Equal(["edge-ashburn", "edge-sea"], Chosen(1, new SteeringPolicy { Residency = [new(Some.Countries("GB"), new([], ["eu-west"]))] }));
    }

    [Fact]
    public void Preferences_latencies_and_networks_of_a_region_are_those_of_its_sites()
    {
        Assert.Equal(["edge-ashburn", "edge-paris"], Chosen(1, new SteeringPolicy { Preferences = [new(Some.Countries("GB"), ["us-east"])] })[..2]);
        var slow = ImmutableDictionary<string, TimeSpan>.Empty.Add("eu-west", TimeSpan.FromSeconds(1));
        Assert.Equal("edge-ashburn", Chosen(1, new SteeringPolicy { Latency = LatencyMap.Empty with { ByCountry = LatencyMap.Empty.ByCountry.Add("GB", slow) } })[0]);
        var topology = Site.Topology(1, Sites, new SteeringPolicy { Networks = [Some.Network("192.0.2.0/24") with { Prefer = ["us-east"], Allowed = new(["us-east", "eu-west"], []) }] });
        Assert.Equal(["edge-ashburn"], topology.Policy.Networks[0].Prefer.AsEnumerable());
        Assert.Equal(["edge-sea"], topology.Policy.Networks[0].Allowed.Never.AsEnumerable());
    }

    private static string[] Chosen(int place, SteeringPolicy policy, params string[] lost)
    {
        var topology = Site.Topology(1, Sites, policy);
        var world = new SteeringWorld(Site.Health(1, topology, lost.ToHashSet()), Places);
        var decision = world.Decide(new SteeringQuestion { Place = place, Network = -1, WhenNoneHealthy = WhenNoneHealthy.Refuse }, new Candidate[Sites.Length]);
        return [.. decision.Eligible.ToArray().Select(candidate => topology.Regions[candidate.Region].Name)];
    }
}
