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

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>Adds both to the admin side.</summary>
    public static void MapRegions(this IEndpointRouteBuilder admin, EdgeState state)
    {
        admin.MapGet("/regions", context => Results.Json(Tell(state)).ExecuteAsync(context));
        admin.MapPost("/overrides", async context => await (await OrderAsync(context, state)).ExecuteAsync(context));
    }

    private static async Task<IResult> OrderAsync(HttpContext context, EdgeState state)
    {
        // A page that a person has open in a browser can send a form or text to this address, but never JSON.
        if (!context.Request.HasJsonContentType()) return Results.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "An order is application/json.");
        OverrideBody? body;
        try
        {
            body = await context.Request.ReadFromJsonAsync<OverrideBody>(Strict, context.RequestAborted);
        }
        catch (JsonException problem)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"The order cannot be read: {problem.Message}");
        }
        if (body is null || !Kinds.TryGetValue(body.Kind, out var kind))
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"The order's kind is one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}.");
        var time = TimeSpan.FromSeconds(Math.Clamp(body.ForSeconds, 0, OverrideRules.MaxTime.TotalSeconds + 1));
        var decision = state.Board.Override(new OverrideOrder(body.Regions, kind, body.Reason, body.By, time, body.YesReally));
        return decision.Refusal is { } rule
            ? Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "The override is refused.", detail: rule)
            : Results.Json(Tell(state));
    }

    private static object Tell(EdgeState state)
    {
        var snapshot = state.Snapshots.Current;
        var health = snapshot.World.Health;
        var overrides = state.Board.Overrides;
        return new
        {
            HealthVersion = health.Version,
            KeptOverRestart = snapshot.Configuration.OverrideFile is not null,
            Regions = health.Topology.Regions.Select((region, i) => new
            {
                region.Name,
                Observed = health.Regions[i].Observed.Code(),
                Forced = health.Regions[i].Override.Code(),
                DrainedByConfiguration = region.Drained,
                Serves = Words(health.Regions[i].Serves),
                Endpoints = region.Endpoints.Select((endpoint, j) => new { endpoint.Name, Observed = health.Regions[i].Endpoints[j].State.Code() }),
            }),
            Vantage = state.Snapshots.View is not { } view ? null : new
            {
                view.HasQuorum,
                view.Voters,
                view.LostEdges,
                Withdrawn = view.Withdrawn.ToDictionary(region => region.Key, region => Words(region.Value)),
            },
            Overrides = overrides.Select(one => new { one.Region, Kind = one.Kind.Code(), one.Reason, one.By, one.Since, one.Until }),
        };
    }

    private static IEnumerable<string> Words(StateClasses classes) =>
        Enum.GetValues<StateClass>().Where(state => classes.HasFlag((StateClasses)(1 << (int)state))).Select(state => state.Code());

    /// <summary>An order as it is sent.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record OverrideBody(string Regions, string Kind, string Reason, string By, double ForSeconds = 0, bool YesReally = false);
}
