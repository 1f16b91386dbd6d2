using System.Collections.Immutable;
using System.Net.Sockets;

namespace Hanzo.Edge.Steering.Tests.Laws;

/// <summary>Steering as its documentation reads, sentence by sentence, from the topology alone: no prepared rows, no masks, no haste.</summary>
internal static class Reference
{
    public static (ImmutableArray<Candidate> All, int Eligible, bool FailedOpen) Decide(Case asked)
    {
        var policy = asked.Topology.Policy;
        var networks = MatchingNetworks(asked);
        var place = networks.Select(network => network.Place).FirstOrDefault(place => place is not null)
            ?? (asked.Question.Place == Place.Unknown ? policy.DefaultPlace : asked.Places[asked.Question.Place]);
        var preferred = networks.Select(network => network.Prefer).Where(list => !list.IsEmpty).Append(PreferenceAt(place, policy)).First();

        var ranked = asked.Topology.Regions
            .Select((region, index) => (Region: region, Index: index, Estimate: Estimate(place, region, asked)))
            .OrderBy(r => preferred.Contains(r.Region.Name) ? preferred.IndexOf(r.Region.Name) : int.MaxValue)
            .ThenBy(r => float.IsNaN(r.Estimate.Ms) ? float.PositiveInfinity : r.Estimate.Ms)
            .ThenBy(r => r.Region.Name, StringComparer.Ordinal)
            .Select(r => (r.Region, Why: WhyLeftOut(r.Region, r.Index, place, networks, asked),
                Candidate: new Candidate((byte)r.Index, default, r.Estimate.Source, r.Estimate.Ms, Distance(place, r.Region))))
            .ToList();

        var eligible = ranked.Where(r => r.Why is null).ToList();
        var failedOpen = false;
        if (eligible.Count == 0 && asked.Question.WhenNoneHealthy == WhenNoneHealthy.Nearest)
        {
            eligible = ranked.Where(r => r.Why is CandidateReason.Full).ToList();
            if (eligible.Count == 0) eligible = ranked.Where(r => r.Why is CandidateReason.Unhealthy or CandidateReason.StateClass).ToList();
            failedOpen = eligible.Count > 0;
        }
        var leftOut = ranked.Except(eligible).Select(r => r.Candidate with { Reason = r.Why!.Value });
        if (failedOpen) return ([.. eligible.Select(r => r.Candidate with { Reason = CandidateReason.FailOpen }), .. leftOut], eligible.Count, true);

        var first = eligible.Where(r => preferred.Contains(r.Region.Name)).ToList();
        var rest = eligible.Except(first).ToList();
        var nearest = rest.FirstOrDefault().Candidate.EstimateMs;
        var band = rest.Where(r => policy.TieBand > TimeSpan.Zero && r.Candidate.EstimateMs <= nearest + (float)policy.TieBand.TotalMilliseconds).ToList();
        if (band.Count < 2) band = rest.Take(1).ToList();
        var order = band.OrderBy(r => Wait(r.Region, asked.Question.Affinity));
        List<Candidate> ordered =
        [
            .. first.Select(r => r.Candidate with { Reason = CandidateReason.Preferred }),
            .. order.Select(r => r.Candidate with { Reason = Known(r.Candidate, band.Count > 1 ? CandidateReason.TieBand : CandidateReason.Nearest) }),
            .. rest.Except(band).Select(r => r.Candidate with { Reason = Known(r.Candidate, CandidateReason.Farther) }),
        ];
        var askedFirst = ordered.Where(candidate => candidate.Region == asked.Question.First).ToList();
        return (
            [
                .. askedFirst.Select(candidate => candidate with { Reason = asked.Question.FirstReason }),
                .. Spilled([.. ordered.Except(askedFirst)], asked),
                .. leftOut,
            ], eligible.Count, false);
    }

    // What a region that is fit in part has lost goes to the first one that still has room for the client.
    private static List<Candidate> Spilled(List<Candidate> ordered, Case asked)
    {
        var over = ordered.TakeWhile(candidate =>
        {
            var health = asked.Health.Regions[candidate.Region];
            return health.Override != RegionOverride.ForcedUp
                && Standing(asked.Topology.Regions[candidate.Region], asked.Question.Affinity) >= health.Share * asked.Topology.Policy.OverflowFactor;
        }).ToList();
        return over.Count == ordered.Count
            ? ordered
            : [ordered[over.Count], .. over.Select(candidate => candidate with { Reason = CandidateReason.Overflow }), .. ordered.Skip(over.Count + 1)];
    }

    /// <summary>Whether every residency rule that speaks of the client lets it be served by <paramref name="region"/>.</summary>
    public static bool IsAllowed(Region region, Place place, IEnumerable<NetworkRule> networks, SteeringPolicy policy) =>
        policy.Residency.Where(rule => rule.Area.Covers(place)).Select(rule => rule.Allowed)
            .Concat(networks.Select(network => network.Allowed))
            .All(set => (set.Only.IsEmpty || set.Only.Contains(region.Name)) && !set.Never.Contains(region.Name));

    /// <summary>The network rules that hold the client of <paramref name="asked"/>, longest prefix first.</summary>
    public static List<NetworkRule> MatchingNetworks(Case asked) =>
    [
        .. asked.Topology.Policy.Networks
            .Where(rule => (rule.Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork) == asked.Client.AddressFamily.Equals(AddressFamily.InterNetwork))
            .Where(rule => rule.Network.Contains(asked.Client))
            .OrderByDescending(rule => rule.Network.PrefixLength), // stable: of equals the first stays first
    ];

    private static ImmutableArray<string> PreferenceAt(Place place, SteeringPolicy policy)
    {
        var byCountry = policy.Preferences.Where(rule => place.Country is not null && rule.Area.Countries.Contains(place.Country));
        var byContinent = policy.Preferences.Where(rule => place.Continent is not null && rule.Area.Continents.Contains(place.Continent));
        var everyone = policy.Preferences.Where(rule => rule.Area.Countries.IsEmpty && rule.Area.Continents.IsEmpty);
        return byCountry.Concat(byContinent).Concat(everyone).Select(rule => rule.Regions).Append([]).First();
    }

    private static CandidateReason? WhyLeftOut(Region region, int index, Place place, List<NetworkRule> networks, Case asked)
    {
        var health = asked.Health.Regions[index];
        var forcedUp = health.Override == RegionOverride.ForcedUp;
        var serves = forcedUp ? StateClasses.All : health.Serves;
        if (!IsAllowed(region, place, networks, asked.Topology.Policy)) return CandidateReason.NotAllowed;
        if ((asked.Question.NotRouted >> index & 1) == 1) return CandidateReason.NotRouted;
        if (region.Drained || health.Override == RegionOverride.Drained) return CandidateReason.Drained;
        if (health.Override == RegionOverride.ForcedDown) return CandidateReason.ForcedDown;
        if (serves != StateClasses.None && !serves.HasFlag((StateClasses)(1 << (int)asked.Question.State))) return CandidateReason.StateClass;
        if (serves == StateClasses.None || (!forcedUp && health.Observed != HealthState.Up)) return CandidateReason.Unhealthy;
        return (asked.Question.Full >> index & 1) == 1 ? CandidateReason.Full : null;
    }

    private static (float Ms, LatencySource Source) Estimate(Place place, Region region, Case asked)
    {
        var latency = asked.Topology.Policy.Latency;
        if (asked.Measured is { } measured && place.Location is { } location && location.DistanceKmTo(measured.Edge) <= measured.RadiusKm
            && measured.ByRegion.TryGetValue(region.Name, out var own)) return ((float)own.TotalMilliseconds, LatencySource.Measured);
        if (place.Country is { } country && latency.ByCountry.TryGetValue(country, out var figures)
            && figures.TryGetValue(region.Name, out var figure)) return ((float)figure.TotalMilliseconds, LatencySource.Country);
        if (place.Continent is { } continent && latency.ByContinent.TryGetValue(continent, out figures)
            && figures.TryGetValue(region.Name, out figure)) return ((float)figure.TotalMilliseconds, LatencySource.Continent);
        return place.Location is { } known
            ? ((float)(28 + 0.0167 * known.DistanceKmTo(region.Location)), LatencySource.Distance)
            : (float.NaN, LatencySource.None);
    }

    private static float Distance(Place place, Region region) => (float)(place.Location?.DistanceKmTo(region.Location) ?? double.NaN);

    private static CandidateReason Known(Candidate candidate, CandidateReason reason) =>
        float.IsNaN(candidate.EstimateMs) ? CandidateReason.NoEstimate : reason;

    private static double Wait(Region region, ulong affinity) =>
        region.Weight == 0 ? double.PositiveInfinity : -Math.Log(Uniform(affinity, region)) / region.Weight;

    private static double Standing(Region region, ulong affinity) => Uniform(SplitMix64(affinity), region);

    private static double Uniform(ulong affinity, Region region)
    {
        var name = 0xCBF29CE484222325;
        foreach (var letter in region.Name) name = (name ^ letter) * 0x100000001B3;
        return ((SplitMix64(affinity ^ SplitMix64(name)) >> 11) + 0.5) / Math.Pow(2, 53);
    }

    private static ulong SplitMix64(ulong seed)
    {
        var z = seed + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
