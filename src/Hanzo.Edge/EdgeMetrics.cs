using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;

namespace Hanzo.Edge;

/// <summary>How long it takes until what was observed is what is answered.</summary>
internal sealed class EdgeMetrics
{
    private readonly Histogram<double> publication;
    private readonly Counter<long> publications;

    /// <param name="meters">Makes the meter.</param>
    public EdgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Edge");
        publication = meter.CreateHistogram(
            "hanzo_edge_publication_seconds", "s", "Time from a new snapshot to DNS answers that follow it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        publications = meter.CreateCounter<long>("hanzo_edge_publications_total", description: "New snapshots that DNS answers have followed, by whether they did within what budgets reckon with.");
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
