namespace Hanzo.Edge.Steering;

/// <summary>What holds inside one configured network, the wider networks around it included.</summary>
/// <param name="Row">The ranking row of the place that it, or the next wider network that does, states; -1 where none does.</param>
/// <param name="Allowed">Regions that all of them allow.</param>
/// <param name="Preference">Of it or of the next wider network that states one; null where none does.</param>
internal readonly record struct NetworkEffect(int Row, ulong Allowed, Preference? Preference)
{
    /// <summary>The effect of every network rule; the rows of those that state a place follow each other from <paramref name="firstRow"/>.</summary>
    public static NetworkEffect[] Of(Topology topology, NetworkTable table, int firstRow)
    {
        var rules = topology.Policy.Networks;
        var rows = new int[rules.Length];
        for (var rule = 0; rule < rules.Length; rule++)
            rows[rule] = rules[rule].Place is null ? -1 : firstRow++;

        var effects = new NetworkEffect[rules.Length];
        for (var rule = 0; rule < rules.Length; rule++)
        {
            var effect = new NetworkEffect(-1, topology.AllRegions, null);
            for (var around = rule; around >= 0; around = table.Wider(around))
                effect = new(
                    effect.Row >= 0 ? effect.Row : rows[around],
                    effect.Allowed & topology.MaskOf(rules[around].Allowed),
                    effect.Preference ?? (rules[around].Prefer.IsEmpty ? null : Preference.Of(rules[around].Prefer, topology)));
            effects[rule] = effect;
        }
        return effects;
    }
}
