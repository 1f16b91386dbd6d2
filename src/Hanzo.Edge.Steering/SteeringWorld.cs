using System.Collections.Immutable;
using System.Numerics;

namespace Hanzo.Edge.Steering;

/// <summary>Everything a decision reads: the topology, the rankings prepared for every place, and one health snapshot. Immutable.</summary>
public sealed class SteeringWorld
{
    private readonly Rankings rankings;

    /// <summary>Prepares the rankings of every place. Costs a distance for each place and region: done on change, never per request.</summary>
    /// <param name="health">The health of the regions, and through it the topology.</param>
    /// <param name="places">The places by id; index <see cref="Place.Unknown"/> stands for the default place.</param>
    /// <param name="measured">What this edge measured, or null.</param>
    /// <exception cref="ArgumentException">There are no places.</exception>
    public SteeringWorld(HealthSnapshot health, ImmutableArray<Place> places, MeasuredLatency? measured = null)
        : this(health, new Rankings(health.Topology, places, measured))
    {
    }

    private SteeringWorld(HealthSnapshot health, Rankings rankings)
    {
        Health = health;
        this.rankings = rankings;
    }

    /// <summary>The topology decided over.</summary>
    public Topology Topology => Health.Topology;

    /// <summary>The health decided by.</summary>
    public HealthSnapshot Health { get; }

    /// <summary>Finds the configured network of an address.</summary>
    public NetworkTable Networks => rankings.Networks;

    /// <summary>The same world with newer observations of the same topology; the rankings are shared.</summary>
    /// <exception cref="ArgumentException">The observations are of another topology.</exception>
    public SteeringWorld With(HealthSnapshot health) => ReferenceEquals(health.Topology, Topology)
        ? new(health, rankings)
        : throw new ArgumentException($"Health of topology {health.Topology.Version}, but the rankings are of {Topology.Version}.", nameof(health));

    /// <summary>Whether every decision of this world is the same as in <paramref name="other"/>.</summary>
    public bool DecidesLike(SteeringWorld other) => ReferenceEquals(rankings, other.rankings) && Health.DecidesLike(other.Health);

    /// <summary>Where a client is taken to be, and who says so: what its ranking was prepared for.</summary>
    /// <param name="place">The client's place id.</param>
    /// <param name="network">The index of the network rule that holds its address, or -1.</param>
    public (Place Place, PlaceSource Source) PlaceOf(int place, int network) => rankings.PlaceOf(place, network);

    /// <summary>Orders the regions for one client. Pure; allocates nothing; the same question always has the same answer.</summary>
    /// <param name="question">Who asks for what.</param>
    /// <param name="candidates">Room for one candidate a region; what the decision refers to.</param>
    /// <exception cref="ArgumentException">There is not room for every region, or the place or network is none of this world's.</exception>
    public SteeringDecision Decide(in SteeringQuestion question, Span<Candidate> candidates)
    {
        var ranking = rankings.For(question.Place, question.Network);
        if (candidates.Length < ranking.Nearness.Length)
            throw new ArgumentException($"{ranking.Nearness.Length} regions, but room for {candidates.Length}.", nameof(candidates));

        var open = ranking.Allowed & ~(question.NotRouted | Health.Drained | Health.ForcedDown);
        var fit = open & Health.Healthy & Health.Serving(question.State);
        var eligible = fit & ~question.Full;
        var failedOpen = eligible == 0 && open != 0 && question.WhenNoneHealthy == WhenNoneHealthy.Nearest;
        if (failedOpen) eligible = fit != 0 ? fit : open; // a full region is slow, an unfit one is likely to fail

        var all = candidates[..ranking.Nearness.Length];
        var count = BitOperations.PopCount(eligible);
        var preferred = Write(ranking, eligible, question, all, count);
        if (failedOpen) Mark(all[..count], CandidateReason.FailOpen);
        else
        {
            Mark(all[..preferred], CandidateReason.Preferred);
            OrderByNearness(all[preferred..count], question.Affinity);
            var first = question.First >= 0 && PutFirst(all[..count], question.First, question.FirstReason) ? 1 : 0;
            if ((eligible & Health.Partial) != 0) Spill(all[first..count], question.Affinity);
        }
        return new SteeringDecision(all, count, failedOpen);
    }

    // Eligible regions from the front, the others with their reasons behind them, both in ranking order: the preferred ones
    // as their list says, then by nearness. Returns how many of the eligible ones are preferred.
    private int Write(in Ranking ranking, ulong eligible, in SteeringQuestion question, Span<Candidate> all, int count)
    {
        var front = 0;
        var back = count;
        foreach (var region in ranking.Preference.Order)
            foreach (ref readonly var candidate in ranking.Nearness)
                if (candidate.Region == region) Stand(candidate, ranking.Allowed, question, all);
        var preferred = front;
        foreach (ref readonly var candidate in ranking.Nearness)
            if ((ranking.Preference.Regions >> candidate.Region & 1) == 0) Stand(candidate, ranking.Allowed, question, all);
        return preferred;

        void Stand(in Candidate candidate, ulong allowed, in SteeringQuestion asked, Span<Candidate> all)
        {
            if ((eligible >> candidate.Region & 1) != 0) all[front++] = candidate;
            else all[back++] = candidate with { Reason = WhyLeftOut(1UL << candidate.Region, allowed, asked) };
        }
    }

    private CandidateReason WhyLeftOut(ulong region, ulong allowed, in SteeringQuestion asked)
    {
        if ((allowed & region) == 0) return CandidateReason.NotAllowed;
        if ((asked.NotRouted & region) != 0) return CandidateReason.NotRouted;
        if ((Health.Drained & region) != 0) return CandidateReason.Drained;
        if ((Health.ForcedDown & region) != 0) return CandidateReason.ForcedDown;
        if ((Health.Lacking(asked.State) & region) != 0) return CandidateReason.StateClass;
        if ((Health.Healthy & region) == 0) return CandidateReason.Unhealthy;
        return CandidateReason.Full;
    }

    // The regions are in order of nearness, so those within the tie band of the first follow it.
    private void OrderByNearness(Span<Candidate> regions, ulong affinity)
    {
        if (regions.IsEmpty) return;
        var limit = regions[0].EstimateMs + rankings.TieBandMs;
        var band = 1;
        if (rankings.TieBandMs > 0)
            while (band < regions.Length && regions[band].EstimateMs <= limit) band++;
        Mark(regions[..band], band > 1 ? CandidateReason.TieBand : CandidateReason.Nearest);
        Mark(regions[band..], CandidateReason.Farther);
        if (band > 1) rankings.Weighting.Order(regions[..band], affinity);
        for (var last = regions.Length - 1; last >= 0 && float.IsNaN(regions[last].EstimateMs); last--)
            regions[last] = regions[last] with { Reason = CandidateReason.NoEstimate };
    }

    // From the front on, a region that does not carry this client goes behind the first one that does: before a region
    // fails as a whole, what it has lost is carried elsewhere. Where none carries the client, the order stays. A region that
    // was asked for first has no say: behind it the regions stand as they would without it.
    private void Spill(Span<Candidate> regions, ulong affinity)
    {
        var first = 0;
        while (first < regions.Length && !Carries(regions[first].Region, affinity)) first++;
        if (first == 0 || first == regions.Length) return;
        var carrying = regions[first];
        regions[..first].CopyTo(regions[1..]);
        regions[0] = carrying;
        Mark(regions[1..(first + 1)], CandidateReason.Overflow);
    }

    private bool Carries(int region, ulong affinity) =>
        (Health.Partial >> region & 1) == 0 || rankings.Weighting.StandingOf(region, affinity) < Health.Carried(region);

    private static bool PutFirst(Span<Candidate> regions, int first, CandidateReason reason)
    {
        for (var at = 0; at < regions.Length; at++)
        {
            if (regions[at].Region != first) continue;
            var found = regions[at] with { Reason = reason };
            regions[..at].CopyTo(regions[1..]);
            regions[0] = found;
            return true;
        }
        return false;
    }

    private static void Mark(Span<Candidate> regions, CandidateReason reason)
    {
        foreach (ref var region in regions) region = region with { Reason = reason };
    }
}
