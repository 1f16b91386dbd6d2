using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>Holds the one <see cref="EdgeSnapshot"/> and composes it anew, whole, whenever configuration, location table, health or measured latency changes.</summary>
internal sealed class EdgeSnapshots
{
    private readonly Lock composing = new();
    private readonly HealthBoard board;
    private EdgeSnapshot? current;
    private RoundTrips roundTrips = RoundTrips.None;
    private VantageDesk? vantage;
    private VantageView? view;

    /// <summary>Follows <paramref name="board"/> from now on.</summary>
    public EdgeSnapshots(HealthBoard board)
    {
        this.board = board;
        board.Published += _ => Follow();
    }

    /// <summary>Told of every new snapshot, under the lock that composes it: a handler takes note and returns.</summary>
    public event Action<EdgeSnapshot>? Changed;

    /// <summary>The newest snapshot. A request reads it once.</summary>
    /// <exception cref="InvalidOperationException">No configuration was applied yet.</exception>
    public EdgeSnapshot Current => Volatile.Read(ref current) ?? throw new InvalidOperationException("No configuration was applied yet.");

    /// <summary>What all vantage points see together; null where there are no others.</summary>
    public VantageView? View => Volatile.Read(ref view);

    /// <summary>Lets <paramref name="desk"/> have a say in <see cref="EdgeSnapshot.AnswerWorld"/> from now on.</summary>
    public void Ask(VantageDesk desk)
    {
        lock (composing) vantage = desk;
        FollowVantage();
    }

    /// <summary>Brings up to date what the vantage points see together, where it has changed.</summary>
    public void FollowVantage()
    {
        lock (composing)
        {
            if (vantage is null || current is not { } snapshot || vantage.View(snapshot.World.Health).Equals(view)) return;
            Replace(Seen(snapshot, snapshot.World.Health));
        }
    }

    /// <summary>Takes a new configuration, and with it the location table that belongs to its first request.</summary>
    public void Apply(EdgeConfiguration configuration, PlaceTable places)
    {
        board.Apply(configuration.Topology, configuration.Health);
        lock (composing) Compose(configuration, places);
    }

    /// <summary>Takes a new configuration and keeps the location table.</summary>
    public void Apply(EdgeConfiguration configuration)
    {
        board.Apply(configuration.Topology, configuration.Health);
        lock (composing) Compose(configuration, Current.Places, before: Current);
    }

    /// <summary>Takes a new location table.</summary>
    public void Apply(PlaceTable places)
    {
        lock (composing) Compose(Current.Configuration, places);
    }

    /// <summary>Ranks anew where the round-trip times to regions have moved since, and the configuration says where this edge stands.</summary>
    public void FollowRoundTrips()
    {
        var measured = board.RoundTrips;
        lock (composing)
        {
            if (current is not { Configuration.Location: not null } snapshot || !roundTrips.Moved(measured)) return;
            roundTrips = new RoundTrips(measured);
            Compose(snapshot.Configuration, snapshot.Places, snapshot.Before);
        }
    }

    // A publication between the board's new topology and ours speaks of regions that the current snapshot does not
    // have: it is passed over here, and Compose asks the board again under the lock, so none is lost.
    private void Follow()
    {
        lock (composing)
            if (current is { } snapshot && board.Current is { } health && ReferenceEquals(health.Topology, snapshot.Configuration.Topology))
                Replace(Seen(snapshot, health));
    }

    private void Compose(EdgeConfiguration configuration, PlaceTable places, EdgeSnapshot? before = null)
    {
        var health = board.Current is { } published && ReferenceEquals(published.Topology, configuration.Topology)
            ? published
            : throw new InvalidOperationException("The health board speaks of another topology.");
        var composed = new EdgeSnapshot(configuration, new SteeringWorld(health, places.Places, roundTrips.At(configuration.Location)), places)
        {
            // Without what was before it in turn: one step back is kept, not the whole history.
            Before = before is null ? null : new EdgeSnapshot(before.Configuration, before.World, before.Places),
        };
        Replace(vantage is null ? composed : Seen(composed, health));
    }

    private EdgeSnapshot Seen(EdgeSnapshot snapshot, HealthSnapshot health)
    {
        if (vantage is null) return snapshot.With(health);
        var together = vantage.View(health);
        Volatile.Write(ref view, together);
        return snapshot.With(health, together);
    }

    private void Replace(EdgeSnapshot snapshot)
    {
        Volatile.Write(ref current, snapshot);
        Changed?.Invoke(snapshot);
    }
}
