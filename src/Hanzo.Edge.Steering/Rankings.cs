using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>
/// The regions in order of nearness for every place, prepared whenever topology, places or measured latency change, so that
/// a decision only reads. A row is a place; networks that state a place of their own add a row each. A network's preference
/// and residency do not need a row: they are applied to whichever row the client has.
/// </summary>
internal sealed class Rankings
{
    private readonly int places;
    private readonly int regions;
    private readonly Candidate[] nearness;
    private readonly AreaRules[] rules;
    private readonly NetworkEffect[] networks;
    private readonly ImmutableArray<Place> rows;

    public Rankings(Topology topology, ImmutableArray<Place> places, MeasuredLatency? measured)
    {
        if (places.IsDefaultOrEmpty)
            throw new ArgumentException("The first place stands for clients that are not found; there is none.", nameof(places));
        var policy = topology.Policy;
        Networks = new NetworkTable(policy.Networks);
        Weighting = new Weighting(topology.Regions);
        TieBandMs = (float)policy.TieBand.TotalMilliseconds;
        this.places = places.Length;
        regions = topology.Regions.Length;

        rows = places.SetItem(Place.Unknown, policy.DefaultPlace)
            .AddRange(policy.Networks.Where(network => network.Place is not null).Select(network => network.Place!));
        nearness = new Candidate[rows.Length * regions];
        rules = new AreaRules[rows.Length];
        var areas = new Dictionary<(string?, string?), AreaRules>();
        var estimator = new LatencyEstimator(topology.Regions, measured);
        for (var row = 0; row < rows.Length; row++)
        {
            var place = rows[row];
            if (!areas.TryGetValue((place.Country, place.Continent), out var area))
                areas.Add((place.Country, place.Continent), area = AreaRules.For(place, topology));
            rules[row] = area;
            estimator.Rank(place, area, nearness.AsSpan(row * regions, regions));
        }
        networks = NetworkEffect.Of(topology, Networks, firstRow: places.Length);
    }

    public NetworkTable Networks { get; }

    public Weighting Weighting { get; }

    public float TieBandMs { get; }

    /// <summary>What holds for a client at <paramref name="place"/> inside the network of the rule <paramref name="network"/>, or of none (-1).</summary>
    public Ranking For(int place, int network)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)places, nameof(place));
        if (network < 0) return new(Row(place), rules[place].Allowed, rules[place].Preference);
        ref readonly var effect = ref networks[network];
        var row = effect.Row >= 0 ? effect.Row : place;
        return new(Row(row), rules[row].Allowed & effect.Allowed, effect.Preference ?? rules[row].Preference);
    }

    /// <summary>Where a client at <paramref name="place"/> inside the network of the rule <paramref name="network"/> is taken to be, and who says so.</summary>
    public (Place Place, PlaceSource Source) PlaceOf(int place, int network) =>
        network >= 0 && networks[network].Row >= 0 ? (rows[networks[network].Row], PlaceSource.Network)
        : place == Place.Unknown ? (rows[place], PlaceSource.Default)
        : (rows[place], PlaceSource.Table);

    private ReadOnlySpan<Candidate> Row(int row) => nearness.AsSpan(row * regions, regions);
}

/// <summary>The regions for one client.</summary>
/// <param name="nearness">Every region once, nearest first.</param>
/// <param name="allowed">Those that residency allows, one bit each.</param>
/// <param name="preference">Those that go first.</param>
internal readonly ref struct Ranking(ReadOnlySpan<Candidate> nearness, ulong allowed, Preference preference)
{
    public readonly ReadOnlySpan<Candidate> Nearness = nearness;
    public readonly ulong Allowed = allowed;
    public readonly Preference Preference = preference;
}
