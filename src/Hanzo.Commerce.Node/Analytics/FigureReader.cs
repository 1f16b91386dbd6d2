using Hanzo.Commerce.Crdt;
using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Analytics;

/// <summary>Hours one after another.</summary>
/// <param name="From">A whole hour.</param>
/// <param name="To">A whole hour after it, which is not one of them.</param>
internal readonly record struct HourSpan(DateTimeOffset From, DateTimeOffset To)
{
    public IEnumerable<DateTimeOffset> Hours
    {
        get
        {
            for (var hour = From; hour < To; hour = hour.AddHours(1))
                yield return hour;
        }
    }
}

/// <summary>Puts the figures of hours together.</summary>
internal sealed class FigureReader(Store store)
{
    public long Count(HourSpan span, string name) => Rows(Figures.Counts, span, name).Sum(count => count.Value);

    /// <param name="of">session or user.</param>
    public double Uniques(HourSpan span, string name, string of) =>
        Rows(Figures.Uniques, span, name, of).Aggregate(HyperLogLog.Empty, (all, hour) => all.Merge(hour)).Estimate;

    public DdSketch Quantiles(HourSpan span, string name, string property) =>
        Rows(Figures.Quantiles, span, name, property).Aggregate(DdSketch.Empty, (all, hour) => all.Plus(hour.Whole));

    public TopK Frequent(HourSpan span, string name, string property) =>
        Rows(Figures.Frequent, span, name, property).Aggregate(TopK.Empty, (all, hour) => all.Plus(hour.Whole));

    /// <summary>
    /// How many sessions did the first, then the second, and so on. A step counts when the session did it after the step
    /// before; of a session that came back to a step only the first and the last time are known.
    /// </summary>
    /// <returns>About how many sessions came to each step, and the part of all that was looked at.</returns>
    public (IReadOnlyList<double> Sessions, double Coverage) Funnel(HourSpan span, IReadOnlyList<string> steps)
    {
        var cohorts = steps.Select(step => Visitors(span, step)).ToArray();
        var coverage = cohorts.Min(cohort => cohort.Coverage);
        var came = new double[steps.Count];
        foreach (var (visitor, first) in cohorts[0].Visits.TakeWhile(visit => coverage >= 1 || visit.Key < coverage * Math.Pow(2, 64)))
        {
            var at = first.First;
            came[0]++;
            for (var step = 1; step < cohorts.Length && cohorts[step].TryGet(visitor, out var visit) && visit.Last >= at; step++)
            {
                at = visit.First >= at ? visit.First : visit.Last;
                came[step]++;
            }
        }
        return ([.. came.Select(count => count / coverage)], coverage);
    }

    private Cohort Visitors(HourSpan span, string step) => span.Hours
        // Of an hour without the event nothing else has to be looked for.
        .Where(hour => store.Read(Figures.Counts, Figures.KeyOf(hour, step)) is not null)
        .SelectMany(hour => Rows(Figures.Visitors, Figures.VisitorKeysOf(hour, step)))
        .Aggregate(Cohort.Empty, (all, some) => all.Merge(some));

    private IEnumerable<T> Rows<T>(StateCollection<T> collection, HourSpan span, params string[] of)
        where T : class, ICrdt<T> => Rows(collection, span.Hours.Select(hour => Figures.KeyOf(hour, of)));

    private IEnumerable<T> Rows<T>(StateCollection<T> collection, IEnumerable<string> keys)
        where T : class, ICrdt<T> => keys.Select(key => store.Read(collection, key)).OfType<T>();
}
