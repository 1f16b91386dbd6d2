using System.Collections.Immutable;
using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>What the answers of a steered name need of a decision. Names with the same profile share one <see cref="RankingMap"/>.</summary>
/// <param name="Over">What is chosen among.</param>
/// <param name="Answers">Addresses of one family in an answer at most.</param>
/// <param name="State">The state class needed.</param>
/// <param name="WhenNoneHealthy">What to do when none is healthy.</param>
/// <param name="Addresses">By region index: its IPv4 and IPv6 addresses, counted.</param>
internal sealed record SteeredProfile(
    SteeredOver Over, int Answers, StateClass State, WhenNoneHealthy WhenNoneHealthy, ImmutableArray<(int IPv4, int IPv6)> Addresses)
{
    /// <summary>The profile of <paramref name="name"/> over <paramref name="topology"/>.</summary>
    public static SteeredProfile Of(SteeredName name, Topology topology)
    {
        var addresses = new (int, int)[topology.Regions.Length];
        foreach (var target in name.Targets)
            addresses[topology.IndexOf(target.Region)] =
                (target.Answered(AddressFamily.InterNetwork).Count(), target.Answered(AddressFamily.InterNetworkV6).Count());
        return new(name.Over, name.Answers, name.State, name.WhenNoneHealthy, [.. addresses]);
    }

    /// <summary>The regions an answer for this place and network rule takes addresses from.</summary>
    public RankingClass Rank(SteeringWorld world, int place, int network, Span<Candidate> candidates)
    {
        var decision = world.Decide(Question(place, network, 0), candidates);
        // Where the first region carries some of its clients only, which of them differs by network as well; one that is taken
        // because nothing fits carries all of them.
        if (!decision.FailedOpen && decision.Eligible is [var front, var next, ..] && ((world.Health.Partial >> front.Region & 1) != 0 || next.Reason == CandidateReason.Overflow)) return new([], true, place, network);
        var regions = ImmutableArray.CreateBuilder<byte>();
        var (ipv4, ipv6) = (0, 0);
        foreach (var candidate in decision.Eligible)
        {
            // Who wins inside a tie band differs by network, and with it may everything after: the class keeps the question instead.
            if (candidate.Reason == CandidateReason.TieBand) return new([], true, place, network);
            var (v4, v6) = Addresses[candidate.Region];
            if (v4 + v6 == 0) continue;
            regions.Add(candidate.Region);
            (ipv4, ipv6) = (ipv4 + v4, ipv6 + v6);
            if (ipv4 >= Answers && ipv6 >= Answers) break;
        }

        return new(regions.ToImmutable(), false, Place.Unknown, -1);
    }

    /// <summary>What is asked of steering.</summary>
    public SteeringQuestion Question(int place, int network, ulong affinity) =>
        new() { Place = place, Network = network, State = State, WhenNoneHealthy = WhenNoneHealthy, Affinity = affinity };

    public bool Equals(SteeredProfile? other) =>
        other is not null && Over == other.Over && Answers == other.Answers && State == other.State
        && WhenNoneHealthy == other.WhenNoneHealthy && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Over, Answers, State, WhenNoneHealthy, Addresses.Length);
}
