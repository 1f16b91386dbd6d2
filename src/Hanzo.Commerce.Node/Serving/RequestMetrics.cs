using System.Diagnostics.Metrics;
using System.Globalization;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>What clients asked and how that went, by route.</summary>
internal sealed class RequestMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;
    private readonly TimeProvider _time;

    public RequestMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create("Hanzo.Commerce.Node.Serving");
        _requests = meter.CreateCounter<long>("hanzo_node_requests_total", description: "Requests of clients that ended, by route, method and status.");
        _durations = meter.CreateHistogram("hanzo_node_request_seconds", "s", "Time from a request's head to the end of its answer; of changes that is as long as their reader stays.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
        });
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
            var route = new KeyValuePair<string, object?>("route", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none");
            _requests.Add(1, route, new("method", context.GetEndpoint() is null ? "any" : context.Request.Method), new("code", context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)));
            _durations.Record(_time.GetElapsedTime(start).TotalSeconds, route);
        }
    }
}
