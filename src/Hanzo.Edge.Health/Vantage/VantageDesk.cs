using System.Collections.Immutable;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Steering.Failover;

namespace Hanzo.Edge.Health.Vantage;

/// <summary>Keeps the newest report of every other vantage point and says what all of them see together. Any thread.</summary>
/// <param name="time">The clock by which reports age.</param>
/// <param name="self">The name of this edge.</param>
/// <param name="others">The names of the other vantage points.</param>
/// <param name="exchange">How often each of them reports.</param>
/// <param name="takesClients">Whether this edge takes clients now.</param>
public sealed class VantageDesk(TimeProvider time, string self, ImmutableArray<string> others, TimeSpan exchange, Func<bool> takesClients)
{
    /// <summary>Exchanges after which a report is overdue.</summary>
    private const double LateAfter = 1.5;

    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private readonly Dictionary<string, (VantageReport Report, long At)> newest = [];

    /// <summary>How old a report may be and still count.</summary>
    public TimeSpan FreshFor { get; } = exchange * FailoverBudget.MissedReports;

    /// <summary>Takes a report in place of the one before. One of an edge that is none of the others is passed over.</summary>
    public void Take(VantageReport report)
    {
        if (!others.Contains(report.Edge)) return;
        lock (gate) newest[report.Edge] = (report, time.GetTimestamp());
    }

    /// <summary>What this edge tells the others.</summary>
    public VantageReport Own(HealthSnapshot health) => VantageReport.Of(self, health, [.. Fresh().Select(report => report.Edge)]) with { TakesClients = takesClients() };

    /// <summary>What all see together.</summary>
    public VantageView View(HealthSnapshot health) => VantageView.Of(Own(health), Fresh(), others) with { LateEdges = [.. Ages().Where(edge => edge.Value > exchange * LateAfter).Select(edge => edge.Key)] };

    /// <summary>The age of each other vantage point's newest report; counted from the start for one that never reported.</summary>
    public ImmutableDictionary<string, TimeSpan> Ages()
    {
        lock (gate) return others.ToImmutableDictionary(edge => edge, edge => time.GetElapsedTime(newest.TryGetValue(edge, out var known) ? known.At : start));
    }

    private List<VantageReport> Fresh()
    {
        lock (gate) return [.. newest.Values.Where(one => time.GetElapsedTime(one.At) <= FreshFor).Select(one => one.Report)];
    }
}
