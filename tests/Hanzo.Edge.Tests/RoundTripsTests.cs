using System.Collections.Immutable;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests;

public sealed class RoundTripsTests
{
    private static readonly RoundTrips ranked = new(Ms(("us-east", 80), ("eu-west", 5)));

    [Fact]
    public void Small_changes_are_let_pass()
    {
        Assert.False(ranked.Moved(Ms(("us-east", 86), ("eu-west", 7))));
        Assert.True(ranked.Moved(Ms(("us-east", 95), ("eu-west", 5))));
        Assert.True(ranked.Moved(Ms(("us-east", 80), ("eu-west", 8))));
        Assert.True(ranked.Moved(Ms(("us-east", 80))));
        Assert.True(ranked.Moved(Ms(("us-east", 80), ("ap-southeast", 5))));
    }

    [Fact]
    public void An_edge_that_does_not_say_where_it_stands_measures_for_nobody()
    {
        Assert.Null(ranked.At(null));
        Assert.Equal(ranked.ByRegion, ranked.At(Cities.Location("london"))!.ByRegion);
    }

    [Fact]
    public async Task Clients_near_the_edge_are_ranked_by_what_its_probes_measured_and_others_by_distance()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var eu = await Upstream.Start(context => context.Response.WriteAsync("eu-west"));
        var configuration = RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1)) with { Location = Cities.Location("london") };
        await using var edge = await RunningEdge.Start(configuration);
        var snapshots = edge.Host.State.Snapshots;
        await Eventually.Holds("both regions were reached", () => Task.FromResult(edge.Host.State.Board.RoundTrips.Count == 2));

        snapshots.FollowRoundTrips();

        Assert.Equal(LatencySource.Measured, SourceFor(RunningEdge.ClientInLondon));
        Assert.Equal(LatencySource.Distance, SourceFor(RunningEdge.ClientInAshburn));

        LatencySource SourceFor(string client)
        {
            var world = snapshots.Current.World;
            var question = new SteeringQuestion { Place = Place.Unknown, Network = world.Networks.Find(Some.Client(client)) };
            return world.Decide(question, new Candidate[Topology.MaxRegions]).Eligible[0].Source;
        }
    }

    private static ImmutableDictionary<string, TimeSpan> Ms(params (string Region, double Ms)[] figures) =>
        figures.ToImmutableDictionary(figure => figure.Region, figure => TimeSpan.FromMilliseconds(figure.Ms));
}
