using Hanzo.Edge.Configuration;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests;

public sealed class EdgeAnswersTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly DnsMetrics metrics = new();
    private readonly EdgeConfiguration configuration = Read.Demo().Configuration!;
    private EdgeSnapshot? last;

    public void Dispose() => metrics.Dispose();

    [Fact]
    public void The_TTL_runs_down_with_the_time_until_a_region_may_change_and_is_whole_again_when_it_will_not()
    {
        var quiet = EdgeAnswers.Prepare(Snapshot(null), configuration.Dns!, metrics, time);
        Assert.Equal(15, Ttl(quiet));

        // eu-west may change in 12 s: no answer is kept beyond that, nor for less than the smallest TTL.
        var near = Snapshot(time.GetTimestamp() + 12 * time.TimestampFrequency);
        Assert.True(quiet.AreThoseOf(near));
        var answers = quiet.Retimed(near, time);
        Assert.Equal(12, Ttl(answers));
        time.Advance(TimeSpan.FromSeconds(4.5));
        answers = answers.Retimed(near, time);
        Assert.Equal(7, Ttl(answers));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(5, Ttl(answers.Retimed(near, time)));

        Assert.Equal(15, Ttl(answers.Retimed(Snapshot(null), time)));
    }

    private EdgeSnapshot Snapshot(long? changesAt)
    {
        var places = new PlaceTable();
        var up = HealthSnapshot.AllUp(configuration.Topology);
        var health = new HealthSnapshot(1, configuration.Topology, [.. up.Regions.Select((region, i) => region with { ChangesAt = i == 1 ? changesAt : null })]);
        return last = last is null ? new EdgeSnapshot(configuration, new SteeringWorld(health, places.Places), places) : last.With(health);
    }

    private static double Ttl(EdgeAnswers answers)
    {
        Assert.True(DnsName.TryParse("shop.edge.test", DnsName.Root, out var name));
        return answers.Dns.Explain(name, ClientKey.Of(0x01020304), _ => Place.Unknown)!.Ttl.TotalSeconds;
    }
}
