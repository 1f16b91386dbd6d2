using System.Collections.Immutable;
using CsCheck;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests.Laws;

public sealed class SteeringLaws
{
    [Fact]
    public void Agrees_with_the_reference() => Cases.Any.Sample(asked =>
    {
        var expected = Reference.Decide(asked);
        var answer = asked.Decide();

        Assert.Equal<Candidate>(expected.All, answer.All);
        Assert.Equal((expected.Eligible, expected.FailedOpen), (answer.Eligible, answer.FailedOpen));
    }, iter: 5000);

    [Fact]
    public void Every_region_stands_in_the_order_exactly_once() => Cases.Any.Sample(asked =>
        Assert.Equal(Enumerable.Range(0, asked.Topology.Regions.Length), asked.Decide().All.Select(candidate => (int)candidate.Region).Order()));

    [Fact]
    public void The_same_question_has_the_same_answer_in_a_world_built_again() => Cases.Any.Sample(asked =>
        Assert.Equal<Candidate>(asked.Decide().All, asked.Decide().All));

    [Fact]
    public void The_order_of_the_configuration_does_not_matter() => Cases.Any.Sample(asked =>
    {
        var reversed = asked.With([.. asked.Topology.Regions.Reverse()], Some.Health());

        Assert.Equal(Names(asked), Names(reversed));
    });

    [Fact]
    public void Residency_is_never_violated() => Cases.Any.Sample(asked =>
    {
        var answer = asked.Decide();
        var networks = Reference.MatchingNetworks(asked);
        foreach (var candidate in answer.All[..answer.Eligible])
            Assert.True(Reference.IsAllowed(asked.Topology.Regions[candidate.Region], asked.Place, networks, asked.Topology.Policy));
    });

    [Fact]
    public void What_was_taken_out_by_order_is_never_tried() => Cases.Any.Sample(asked =>
    {
        var answer = asked.Decide();
        foreach (var candidate in answer.All[..answer.Eligible])
        {
            Assert.False(asked.Topology.Regions[candidate.Region].Drained);
            Assert.DoesNotContain(asked.Health.Regions[candidate.Region].Override, new[] { RegionOverride.Drained, RegionOverride.ForcedDown });
        }
    });

    [Fact]
    public void A_healthier_region_never_ranks_worse() => Gen.Select(Cases.Any, Gen.Int[0, 7], Gen.Bool).Sample((asked, which, roomToo) =>
    {
        var region = which % asked.Topology.Regions.Length;
        var health = asked.Health.Regions[region];
        var healthier = asked.With(region, health with { Observed = HealthState.Up, Serves = StateClasses.All });
        if (roomToo) healthier = healthier with { Question = healthier.Question with { Full = asked.Question.Full & ~(1UL << region) } };

        Assert.True(healthier.Decide().RankOf(region) <= asked.Decide().RankOf(region));
    }, iter: 2000);

    [Fact]
    public void A_nearer_region_never_ranks_worse() => Gen.Select(Cases.ByDistance, Gen.Int[0, 7], Gen.Double[0, 1]).Sample((asked, which, part) =>
    {
        if (asked.Place.Location is not { } client) return;
        var index = which % asked.Topology.Regions.Length;
        var region = asked.Topology.Regions[index];
        var moved = new GeoPoint(
            client.Latitude + part * (region.Location.Latitude - client.Latitude),
            client.Longitude + part * (region.Location.Longitude - client.Longitude));
        if (moved.DistanceKmTo(client) >= region.Location.DistanceKmTo(client)) return;
        var nearer = asked.With(asked.Topology.Regions.SetItem(index, region with { Location = moved }), Some.Health());

        Assert.True(nearer.Decide().RankOf(index) <= asked.Decide().RankOf(index));
    }, iter: 2000);

    [Fact]
    public void A_region_added_outside_every_tie_band_changes_nothing_else() =>
        Gen.Select(Cases.Any, Gen.Int[0, 8], Gen.Bool).Sample((asked, at, up) =>
        {
            if (asked.Place.Continent is null) return; // no figure can put the new region far away
            if (up && asked.Decide().FailedOpen) return; // a fit region where there was none changes everything, as it should
            if (up && asked.Health.Partial != 0) return; // and so does one that carries whom no other does
            var policy = asked.Topology.Policy;
            var far = TimeSpan.FromSeconds(30);
            var more = asked.With(
                asked.Topology.Regions.Insert(Math.Min(at, asked.Topology.Regions.Length), Some.Region("elsewhere", new GeoPoint(-89, 0))),
                Some.Health(up),
                policy with
                {
                    Latency = new(
                        policy.Latency.ByCountry.ToImmutableDictionary(row => row.Key, row => row.Value.Add("elsewhere", far)),
                        Continents.ToImmutableDictionary(code => code, code => policy.Latency.ByContinent.GetValueOrDefault(code, NoFigures).Add("elsewhere", far))),
                });

            Assert.Equal(Told(asked), Told(more).Where(told => !told.StartsWith("elsewhere", StringComparison.Ordinal)));
        }, iter: 2000);

    private static readonly string[] Continents = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"];

    private static readonly ImmutableDictionary<string, TimeSpan> NoFigures =
        ImmutableDictionary<string, TimeSpan>.Empty;

    private static IEnumerable<string> Names(Case asked) => asked.Decide().All.Select(candidate => asked.Topology.Regions[candidate.Region].Name);

    private static IEnumerable<string> Told(Case asked) => asked.Decide().All.Select(candidate =>
        $"{asked.Topology.Regions[candidate.Region].Name} {candidate.Reason.Code()} {candidate.EstimateMs} {candidate.Source} {candidate.DistanceKm}");
}
