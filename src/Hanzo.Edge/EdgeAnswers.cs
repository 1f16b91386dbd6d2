using Hanzo.Edge.Configuration;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>DNS answers and the snapshot that they were prepared from. Immutable.</summary>
internal sealed record EdgeAnswers(EdgeSnapshot Snapshot, DnsSnapshot Dns)
{
    private (PlaceTable Places, SteeringWorld World)? Sites { get; init; }

    /// <summary>Prepares the answers of all zones; where <paramref name="before"/> ranked the same sites, they are not ranked again.</summary>
    public static EdgeAnswers Prepare(EdgeSnapshot snapshot, DnsConfiguration configuration, DnsMetrics metrics, TimeProvider time, EdgeAnswers? before = null, EpochBook? epochs = null)
    {
        var sites = Rank(snapshot, configuration.Sites, before);
        var networks = new PlacedNetworks(snapshot.Places.IPv4Runs, snapshot.Places.IPv6Runs);
        var view = SteeringView.Prepare(configuration.Zones, snapshot.AnswerWorld, sites?.World, networks, TimeToNextChange(snapshot, time), metrics, epochs);
        return new EdgeAnswers(snapshot, new DnsSnapshot(configuration.Zones, view, configuration.Options)) { Sites = sites };
    }

    /// <summary>Whether <paramref name="snapshot"/> leads to the same answers.</summary>
    public bool AreThoseOf(EdgeSnapshot snapshot) =>
        ReferenceEquals(Snapshot.Configuration, snapshot.Configuration) && ReferenceEquals(Snapshot.Places, snapshot.Places)
        && Snapshot.AnswerWorld.DecidesLike(snapshot.AnswerWorld) && Snapshot.LostEdges.SetEquals(snapshot.LostEdges);

    /// <summary>The same answers with the TTLs of now, seen from <paramref name="snapshot"/>, which leads to the same answers.</summary>
    public EdgeAnswers Retimed(EdgeSnapshot snapshot, TimeProvider time) =>
        this with { Snapshot = snapshot, Dns = Dns with { Steering = Dns.Steering.Retimed(TimeToNextChange(snapshot, time)) } };

    private static TimeToNextChange TimeToNextChange(EdgeSnapshot snapshot, TimeProvider time)
    {
        var now = time.GetTimestamp();
        return (over, index) => over switch
        {
            SteeredOver.Sites => snapshot.LateEdges.Contains(snapshot.Configuration.Dns!.Sites!.Regions[index].Name) ? TimeSpan.Zero : TimeSpan.MaxValue,
            _ => snapshot.AnswerWorld.Health.Regions[index].ChangesAt is { } at ? time.GetElapsedTime(now, at) : TimeSpan.MaxValue,
        };
    }

    private static (PlaceTable, SteeringWorld World)? Rank(EdgeSnapshot snapshot, Topology? sites, EdgeAnswers? before)
    {
        if (sites is null) return null;
        var health = Site.Health(snapshot.World.Health.Version, sites, snapshot.LostEdges);
        // Ranking every place costs more than all else here, and only new sites or places need it.
        return before?.Sites is { } known && ReferenceEquals(known.World.Topology, sites) && ReferenceEquals(known.Places, snapshot.Places)
            ? (snapshot.Places, known.World.With(health))
            : (snapshot.Places, new SteeringWorld(health, snapshot.Places.Places));
    }
}
