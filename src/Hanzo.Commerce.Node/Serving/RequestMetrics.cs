using System.Collections.Concurrent;
using System.Globalization;
using Prometheus;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>
/// What clients asked and how that went, by route. A request adds to cells that those before it found: to look a series up by its
/// labels costs more than the counting (ADR 0040).
/// </summary>
internal sealed class RequestMetrics
{
    private static readonly double[] Buckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

    private readonly ConcurrentDictionary<Ending, Cells> _cells = [];
    private readonly Counter _requests;
    private readonly Histogram _durations;
    private readonly TimeProvider _time;

    /// <param name="registry">Where they are shown.</param>
    public RequestMetrics(CollectorRegistry registry, TimeProvider time)
    {
        _time = time;
        var factory = Metrics.WithCustomRegistry(registry);
        var bare = ExemplarBehavior.NoExemplars();
        _requests = factory.CreateCounter("hanzo_node_requests_total", "Requests of clients that ended, by route, method and status.", ["route", "method", "code"],
            new CounterConfiguration { ExemplarBehavior = bare });
        _durations = factory.CreateHistogram("hanzo_node_request_seconds", "Time from a request's head to the end of its answer; of changes that is as long as their reader stays.", ["route"],
            new HistogramConfiguration { Buckets = Buckets, ExemplarBehavior = bare });
    }

    /// <summary>The stage that measures all that comes after it.</summary>
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var start = _time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // Whoever asks for what there is not, or by a method that is not there, makes no series of their own.
            var route = context.GetEndpoint() as RouteEndpoint;
            var ending = new Ending(route, route is null ? "any" : context.Request.Method, context.Response.StatusCode);
            if (!_cells.TryGetValue(ending, out var cells))
                cells = _cells.GetOrAdd(ending, CellsOf(ending));
            cells.Requests.Inc();
            cells.Durations.Observe(_time.GetElapsedTime(start).TotalSeconds);
        }
    }

    private Cells CellsOf(Ending ending)
    {
        var route = ending.Route?.RoutePattern.RawText ?? "none";
        return new(_requests.WithLabels(route, ending.Method, ending.Status.ToString(CultureInfo.InvariantCulture)), _durations.WithLabels(route));
    }

    private readonly record struct Ending(RouteEndpoint? Route, string Method, int Status);

    private readonly record struct Cells(Counter.Child Requests, Histogram.Child Durations);
}
