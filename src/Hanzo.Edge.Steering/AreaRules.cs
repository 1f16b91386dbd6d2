using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>What the policy says of all clients of one country and continent, by region index.</summary>
/// <param name="Allowed">Regions that residency allows: the intersection of every rule that speaks of the area.</param>
/// <param name="Preference">From the most specific rule: country before continent before everyone; of equals the first.</param>
/// <param name="FigureMs">Configured latency in ms, NaN where none is configured.</param>
/// <param name="FigureSource">Whether the figure is the country's or the continent's.</param>
internal sealed record AreaRules(ulong Allowed, Preference Preference, float[] FigureMs, LatencySource[] FigureSource)
{
    public static AreaRules For(Place area, Topology topology)
    {
        var policy = topology.Policy;
        var allowed = topology.AllRegions;
        foreach (var rule in policy.Residency)
            if (rule.Area.Covers(area)) allowed &= topology.MaskOf(rule.Allowed);

        var figures = new float[topology.Regions.Length];
        Array.Fill(figures, float.NaN);
        var sources = new LatencySource[figures.Length];
        Take(area.Continent, policy.Latency.ByContinent, LatencySource.Continent);
        Take(area.Country, policy.Latency.ByCountry, LatencySource.Country);
        return new(allowed, PreferenceFor(area, topology), figures, sources);

        void Take(string? key, ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> map, LatencySource source)
        {
            if (key is null || !map.TryGetValue(key, out var row)) return;
            foreach (var (region, latency) in row)
            {
                figures[topology.IndexOf(region)] = (float)latency.TotalMilliseconds;
                sources[topology.IndexOf(region)] = source;
            }
        }
    }

    private static Preference PreferenceFor(Place area, Topology topology)
    {
        var rule = topology.Policy.Preferences.Where(rule => rule.Area.Covers(area)).MaxBy(rule => rule.Area.SpecificityFor(area));
        return rule is null ? Preference.None : Preference.Of(rule.Regions, topology);
    }
}
