using System.Runtime.CompilerServices;
using Hanzo.Edge.Steering;
using Prometheus;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// What is counted of requests. Each request adds to cells that its route's plan found before, because looking a series up by
/// its labels costs more than the rest of the counting; see ADR 0040.
/// </summary>
internal sealed class ProxyMetrics
{
    private static readonly string[] RouteLabels = ["route", "region", "continent"];
    private static readonly string[] StatusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx"];
    private static readonly double[] SocketBuckets = [0.001, 0.005, 0.025, 0.1, 0.25, 1, 5];
    private static readonly double[] DurationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Counter requests;
    private readonly Counter errors;
    private readonly Histogram durations;
    private readonly Gauge inFlight;
    private readonly Histogram socketDelay;
    private readonly Counter.Child[] decisions;
    private readonly Counter.Child refused;
    private readonly Counter plain;

    /// <summary>Registers the metrics with <paramref name="registry"/>.</summary>
    public ProxyMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        requests = factory.CreateCounter("hanzo_edge_requests_total", "Requests answered, by route, region, the client's continent and class of status.", [.. RouteLabels, "code"]);
        errors = factory.CreateCounter("hanzo_edge_request_errors_total", "Requests that failed in or behind the edge, by RFC 9209 error type.", [.. RouteLabels, "error"]);
        durations = factory.CreateHistogram("hanzo_edge_request_duration_seconds", "Time from the request's headers to the end of the response.", RouteLabels,
            new HistogramConfiguration { Buckets = DurationBuckets, ExemplarBehavior = ExemplarBehavior.NoExemplars() });
        socketDelay = factory.CreateHistogram("hanzo_edge_socket_delay_seconds", "Time until a thread that serves sockets came to what the edge woke it for: long where something blocks the request path.",
            new HistogramConfiguration { Buckets = SocketBuckets, ExemplarBehavior = ExemplarBehavior.NoExemplars() });
        inFlight = factory.CreateGauge("hanzo_edge_requests_in_flight", "Requests under way.", RouteLabels);
        var decided = factory.CreateCounter("hanzo_edge_decisions_total", "Steering decisions by the reason of the region chosen; none where no region was left.", "reason");
        decisions = [.. Enum.GetValues<CandidateReason>().Where(reason => reason <= CandidateReason.FailOpen).Select(reason => decided.WithLabels(reason.Code()))];
        refused = decided.WithLabels("none");
        plain = factory.CreateCounter("hanzo_edge_plain_requests_total", "Requests that were read, carried and answered without a general server in between.");
    }

    /// <summary>The cells of one route, region and continent.</summary>
    public RegionSeries Series(string route, string region, string? continent)
    {
        string[] labels = [route, region, continent ?? "unknown"];
        return new RegionSeries(
            [.. StatusClasses.Select(code => Cell(requests, [.. labels, code]))],
            Cell(durations, labels),
            Cell(inFlight, labels),
            error => Cell(errors, [.. labels, error]).Inc());
    }

    // Compiled once, and not into each of those who ask for one: that took the runtime's compiler megabytes each.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TCell Cell<TCell>(Collector<TCell> of, string[] labels)
        where TCell : ChildBase => of.WithLabels(labels);

    /// <summary>Counts a request that needed no general server.</summary>
    public void Plain() => plain.Inc();

    /// <summary>Counts how long a socket waited to be served.</summary>
    public void SocketServed(TimeSpan after) => socketDelay.Observe(after.TotalSeconds);

    /// <summary>Counts the decision and the request as under way.</summary>
    public void Decided(Exchange exchange)
    {
        var continent = exchange.Snapshot.World.PlaceOf(exchange.Place, exchange.Network).Place.Continent;
        var chosen = exchange.Region >= 0;
        (chosen ? decisions[(int)exchange.Candidates[0].Reason] : refused).Inc();
        exchange.Series = chosen
            ? exchange.Plan.Series(this, exchange.Region, continent)
            : Series(exchange.Plan.Route.Route.RouteId, "none", continent);
        exchange.Series.Begin();
    }
}

/// <summary>The cells that the requests of one route, region and continent add to.</summary>
internal sealed class RegionSeries(Counter.Child[] byClass, Histogram.Child durations, Gauge.Child inFlight, Action<string> failed)
{
    /// <summary>A request began.</summary>
    public void Begin() => inFlight.Inc();

    /// <summary>A request goes on elsewhere, and ends there.</summary>
    public void Leave() => inFlight.Dec();

    /// <summary>A request ended.</summary>
    public void End(int status, string? error, TimeSpan duration)
    {
        inFlight.Dec();
        byClass[Math.Clamp((status / 100) - 1, 0, byClass.Length - 1)].Inc();
        durations.Observe(duration.TotalSeconds);
        if (error is not null) failed(error);
    }
}
