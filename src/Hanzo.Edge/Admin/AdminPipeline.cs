using Hanzo.Edge.Explaining;
using Prometheus;

namespace Hanzo.Edge.Admin;

/// <summary>
/// What the admin address answers. Every endpoint takes the context itself: what a delegate with other parameters or results
/// needs is compiled at the first request, and stays in the memory of every edge that is asked whether it is ready.
/// </summary>
internal static class AdminPipeline
{
    /// <summary>Lays it out.</summary>
    public static void UseAdmin(this WebApplication app, EdgeState state)
    {
        app.MapGet("/livez", context => Results.Text("alive\n").ExecuteAsync(context));
        app.MapGet("/readyz", context => (state.Readiness.NotReady is { } reason
            ? Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n")).ExecuteAsync(context));
        app.MapMetrics("/metrics", state.Registry);
        app.MapExplain(app.Services.GetRequiredService<ExplainDesk>());
        app.MapExplainDns(() => state.Answers);
        app.MapReceipts(state.Receipts);
        app.MapRegions(state);
        app.MapGet("/", context => Results.Content(StatusPage.Of(state.Snapshots.Current, state.Board.Overrides, ProductVersion.Text), "text/html; charset=utf-8").ExecuteAsync(context));
    }
}
