using Hanzo.Edge.Explaining;
using Prometheus;

namespace Hanzo.Edge.Admin;

/// <summary>What the admin address answers.</summary>
internal static class AdminPipeline
{
    /// <summary>Lays it out.</summary>
    public static void UseAdmin(this WebApplication app, EdgeState state)
    {
        app.MapGet("/livez", () => "alive\n");
        app.MapGet("/readyz", () => state.Readiness.NotReady is { } reason
            ? Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n"));
        app.MapMetrics("/metrics", state.Registry);
        app.MapExplain(app.Services.GetRequiredService<ExplainDesk>());
        app.MapExplainDns(() => state.Answers);
        app.MapReceipts(state.Receipts);
        app.MapRegions(state);
        app.MapGet("/", () => Results.Content(StatusPage.Of(state.Snapshots.Current, state.Board.Overrides, ProductVersion.Text), "text/html; charset=utf-8"));
    }
}
