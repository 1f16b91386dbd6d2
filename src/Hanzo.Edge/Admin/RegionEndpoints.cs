using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Admin;

/// <summary><c>GET /regions</c> tells what is observed of every region beside what an operator forces; <c>POST /overrides</c> takes an order.</summary>
internal static class RegionEndpoints
{
    private static readonly ImmutableDictionary<string, RegionOverride> Kinds = Enum.GetValues<RegionOverride>().ToImmutableDictionary(kind => kind.Code());

    /// <summary>Adds both to the admin side.</summary>
    public static void MapRegions(this IEndpointRouteBuilder admin, EdgeState state)
    {
        admin.MapGet("/regions", context => Tell(state).ExecuteAsync(context));
        admin.MapPost("/overrides", async context => await (await OrderAsync(context, state)).ExecuteAsync(context));
    }

    private static async Task<IResult> OrderAsync(HttpContext context, EdgeState state)
    {
        // A page that a person has open in a browser can send a form or text to this address, but never JSON.
        if (!context.Request.HasJsonContentType()) return AdminProblem.Of(StatusCodes.Status415UnsupportedMediaType, "An order is application/json.");
        OverrideBody? body;
        try
        {
            body = await context.Request.ReadFromJsonAsync(AdminJson.Default.OverrideBody, context.RequestAborted);
        }
        catch (JsonException problem)
        {
            return AdminProblem.Of(StatusCodes.Status400BadRequest, $"The order cannot be read: {problem.Message}");
        }
        if (body is null || !Kinds.TryGetValue(body.Kind, out var kind))
            return AdminProblem.Of(StatusCodes.Status400BadRequest, $"The order's kind is one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}.");
        var time = TimeSpan.FromSeconds(Math.Clamp(body.ForSeconds, 0, OverrideRules.MaxTime.TotalSeconds + 1));
        var decision = state.Board.Override(new OverrideOrder(body.Regions, kind, body.Reason, body.By, time, body.YesReally));
        return decision.Refusal is { } rule
            ? AdminProblem.Of(StatusCodes.Status409Conflict, rule, "The override is refused.")
            : Tell(state);
    }

    private static IResult Tell(EdgeState state)
    {
        var snapshot = state.Snapshots.Current;
        var health = snapshot.World.Health;
        return Results.Json(new RegionsReport(
            health.Version,
            KeptOverRestart: snapshot.Configuration.OverrideFile is not null,
            health.Topology.Regions.Select((region, i) => new RegionReport(
                region.Name,
                Observed: health.Regions[i].Observed.Code(),
                Forced: health.Regions[i].Override.Code(),
                DrainedByConfiguration: region.Drained,
                Serves: Words(health.Regions[i].Serves),
                region.Endpoints.Select((endpoint, j) => new EndpointReport(endpoint.Name, health.Regions[i].Endpoints[j].State.Code())))),
            state.Snapshots.View is not { } view ? null : new VantageViewReport(
                view.HasQuorum,
                view.Voters,
                view.LostEdges,
                Withdrawn: view.Withdrawn.ToDictionary(region => region.Key, region => Words(region.Value))),
            state.Board.Overrides.Select(one => new OverrideReport(one.Region, one.Kind.Code(), one.Reason, one.By, one.Since, one.Until))), AdminJson.Readable.RegionsReport);
    }

    private static IEnumerable<string> Words(StateClasses classes) =>
        Enum.GetValues<StateClass>().Where(state => classes.HasFlag((StateClasses)(1 << (int)state))).Select(state => state.Code());

    /// <summary>An order as it is sent.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record OverrideBody(string Regions, string Kind, string Reason, string By, double ForSeconds = 0, bool YesReally = false);
}
