using System.Collections.Immutable;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class SteeringWorldTests
{
    private static readonly ImmutableArray<Place> Places = [Place.Nowhere, Cities.Place("london"), Cities.Place("sydney")];

    [Theory]
    [InlineData(1, 0, "dublin")]
    [InlineData(2, 0, "singapore")]
    [InlineData(1, 500, "dublin")]
    public void Decides_without_allocating(int place, int tieBandMs, string nearest)
    {
        string[] cities = ["dublin", "ashburn", "singapore", "mumbai", "san-francisco", "sao-paulo", "johannesburg", "tokyo"];
        var topology = Some.Topology(new SteeringPolicy { TieBand = TimeSpan.FromMilliseconds(tieBandMs) }, Some.Regions(cities));
        var world = new SteeringWorld(HealthSnapshot.AllUp(topology), Places);
        var room = new Candidate[Topology.MaxRegions];
        var first = world.Decide(new SteeringQuestion { Place = place }, room).Eligible[0].Region;

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var affinity = 0UL; affinity < 100; affinity++)
                world.Decide(new SteeringQuestion { Place = place, Affinity = affinity }, room);
        }));
        if (tieBandMs == 0) Assert.Equal(nearest, topology.Regions[first].Name);
    }

    [Fact]
    public void Newer_health_of_the_same_topology_is_taken_without_ranking_again()
    {
        var topology = Some.Topology("dublin", "ashburn");
        var world = new SteeringWorld(HealthSnapshot.AllUp(topology), Places);
        Span<Candidate> room = stackalloc Candidate[2];

        var newer = world.With(new HealthSnapshot(1, topology, [Some.Health(up: false), Some.Health()]));

        Assert.Equal(0, world.Decide(new SteeringQuestion { Place = 1 }, room).Eligible[0].Region);
        Assert.Equal(1, newer.Decide(new SteeringQuestion { Place = 1 }, room).Eligible[0].Region);
        Assert.Same(world.Networks, newer.Networks);
    }

    [Fact]
    public void Tells_where_a_client_is_taken_to_be_and_who_says_so()
    {
        var policy = new SteeringPolicy
        {
            DefaultPlace = Cities.Place("ashburn"),
            Networks = [Some.Network("10.0.0.0/8") with { Place = Cities.Place("tokyo") }, Some.Network("10.1.0.0/16")],
        };
        var world = new SteeringWorld(HealthSnapshot.AllUp(Some.Topology(policy, Some.Region("dublin"))), Places);

        Assert.Equal((Cities.Place("ashburn"), PlaceSource.Default), world.PlaceOf(Place.Unknown, network: -1));
        Assert.Equal((Cities.Place("london"), PlaceSource.Table), world.PlaceOf(1, network: -1));
        Assert.Equal((Cities.Place("tokyo"), PlaceSource.Network), world.PlaceOf(1, network: 1));
    }

    [Fact]
    public void Health_of_another_topology_is_refused()
    {
        var world = new SteeringWorld(HealthSnapshot.AllUp(Some.Topology("dublin")), Places);

        Assert.Throws<ArgumentException>(() => world.With(HealthSnapshot.AllUp(Some.Topology("dublin"))));
    }

    [Fact]
    public void A_world_without_places_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SteeringWorld(HealthSnapshot.AllUp(Some.Topology("dublin")), []));

    [Fact]
    public void A_place_of_another_table_and_too_little_room_are_refused()
    {
        var world = new SteeringWorld(HealthSnapshot.AllUp(Some.Topology("dublin", "ashburn")), Places);

        Assert.Throws<ArgumentOutOfRangeException>(() => world.Decide(new SteeringQuestion { Place = 3 }, new Candidate[2]));
        Assert.Throws<ArgumentException>(() => world.Decide(new SteeringQuestion { Place = 1 }, new Candidate[1]));
    }

    [Fact]
    public void Worlds_that_decide_alike_say_so()
    {
        var topology = Some.Topology("dublin", "ashburn");
        var world = new SteeringWorld(Health(Some.Health()), [Place.Nowhere]);

        Assert.True(world.DecidesLike(world.With(Health(Some.Health() with { Share = 0.9 })))); // 1.4 times that is all
        Assert.False(world.DecidesLike(world.With(Health(Some.Health() with { Share = 0.5 }))));
        Assert.False(world.DecidesLike(world.With(Health(Some.Health(up: false)))));
        Assert.False(world.DecidesLike(world.With(Health(Some.Health(forced: RegionOverride.Drained)))));
        Assert.False(world.DecidesLike(world.With(Health(Some.Health() with { Serves = StateClasses.Read }))));
        Assert.False(world.DecidesLike(new SteeringWorld(world.Health, [Place.Nowhere])));

        HealthSnapshot Health(RegionHealth first) => new(1, topology, [first, Some.Health()]);
    }
}
