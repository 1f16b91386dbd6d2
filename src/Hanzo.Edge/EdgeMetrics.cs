using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Dns.Epochs;

namespace Hanzo.Edge;

/// <summary>How long it takes until what was observed is what is answered.</summary>
internal sealed class EdgeMetrics
{
    /// <summary>Resolver networks counted by name; all later ones count together.</summary>
    private const int MaxResolvers = 256;

    private readonly Histogram<double> publication;
    private readonly Counter<long> publications;
    private readonly Counter<long> stale;
    private readonly Histogram<double> staleAge;
    private readonly ConcurrentDictionary<string, bool> resolvers = new();

    /// <param name="meters">Makes the meter.</param>
    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Edge");
        publication = meter.CreateHistogram(
            "hanzo_edge_publication_seconds", "s", "Time from a new snapshot to DNS answers that follow it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        publications = meter.CreateCounter<long>("hanzo_edge_publications_total", description: "New snapshots that DNS answers have followed, by whether they did within what budgets reckon with.");
        stale = meter.CreateCounter<long>("hanzo_edge_stale_answer_requests_total", description: "Requests that came by a DNS answer that is no longer given, by the network of the resolver that kept it.");
        staleAge = meter.CreateHistogram(
            "hanzo_edge_stale_answer_age_seconds", "s", "Time from the end of a DNS answer to a request that came by it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 15, 30, 60, 120, 300, 900, 3600, 14400, 86400] });
    }

    /// <summary>A request came by an answer that is no longer given.</summary>
    public void CameStale(StaleAnswer answer)
    {
        var known = resolvers.ContainsKey(answer.Resolver) || (resolvers.Count < MaxResolvers && resolvers.TryAdd(answer.Resolver, true));
        stale.Add(1, new KeyValuePair<string, object?>("resolver", known ? answer.Resolver : "other"));
        staleAge.Record(answer.Age.TotalSeconds);
    }

    /// <summary>Shows the series that is alerted on before it counts anything.</summary>
    public void Begin() => publications.Add(0, new KeyValuePair<string, object?>("within", "no"));

    /// <summary>Answers follow a snapshot now.</summary>
    /// <returns>Whether it took no longer than budgets reckon with.</returns>
    public bool Published(TimeSpan took)
    {
        var within = took <= FailoverPlan.Publication;
        publication.Record(took.TotalSeconds);
        publications.Add(1, new KeyValuePair<string, object?>("within", within ? "yes" : "no"));
        return within;
    }
}
