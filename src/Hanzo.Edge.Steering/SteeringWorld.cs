using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>Everything a decision reads: the topology, the rankings prepared for every place, and one health snapshot. Immutable.</summary>
public sealed class SteeringWorld
{
    /// <summary>Prepares the rankings of every place. Costs a distance for each place and region: done on change, never per request.</summary>
    /// <param name="health">The health of the regions, and through it the topology.</param>
    /// <param name="places">The places by id; index <see cref="Place.Unknown"/> stands for the default place.</param>
    /// <param name="measured">What this edge measured, or null.</param>
    public SteeringWorld(HealthSnapshot health, ImmutableArray<Place> places, MeasuredLatency? measured = null)
        => throw new NotImplementedException($"{health}{places.Length}{measured}");

    /// <summary>The topology decided over.</summary>
    public Topology Topology => Health.Topology;

    /// <summary>The health decided by.</summary>
    public HealthSnapshot Health { get; } = null!;

    /// <summary>Finds the configured network of an address.</summary>
    public NetworkTable Networks { get; } = null!;

    /// <summary>The same world with newer observations of the same topology; the rankings are shared.</summary>
    public SteeringWorld With(HealthSnapshot health) => throw new NotImplementedException($"{health}");

    /// <summary>Orders the regions for one client. Pure; allocates nothing; the same question always has the same answer.</summary>
    /// <param name="question">Who asks for what.</param>
    /// <param name="candidates">Room for one candidate a region; what the decision refers to.</param>
    public SteeringDecision Decide(in SteeringQuestion question, Span<Candidate> candidates)
        => throw new NotImplementedException($"{question}{candidates.Length}");
}
