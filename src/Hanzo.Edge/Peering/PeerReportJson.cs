using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Peering;

/// <summary>Vantage reports on the wire: <c>{"regions":{"eu-west":{"state":"up","serves":["read"]}},"hears":["edge-2"],"takesClients":true}</c>.</summary>
internal static partial class PeerReportJson
{
    private static readonly ImmutableDictionary<string, HealthState> States = Enum.GetValues<HealthState>().ToImmutableDictionary(state => state.Code());
    private static readonly ImmutableDictionary<string, StateClasses> Classes = Enum.GetValues<StateClass>().ToImmutableDictionary(state => state.Code(), state => (StateClasses)(1 << (int)state));

    public static byte[] Write(VantageReport report) => JsonSerializer.SerializeToUtf8Bytes(new Body(
        report.Regions.ToDictionary(region => region.Key, region => (Sight?)new Sight(region.Value.State.Code(), [.. Classes.Where(one => region.Value.Serves.HasFlag(one.Value)).Select(one => one.Key)])),
        [.. report.Hears],
        report.TakesClients), PeerJson.Default.Body);

    /// <summary>Reads what <see cref="Write"/> wrote; null for anything else. What a newer edge adds is passed over.</summary>
    public static VantageReport? Read(string edge, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PeerJson.Default.Body) is { Regions: { } regions, Hears: { } hears, TakesClients: var takesClients } && regions.Values.All(sight => sight is not null) && hears.All(edge => edge is not null)
                ? new VantageReport(edge, regions.ToImmutableDictionary(region => region.Key, region => SightOf(region.Value!)), [.. hears.OfType<string>()]) { TakesClients = takesClients }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RegionSight SightOf(Sight sight) => new(
        States.GetValueOrDefault(sight.State ?? "", HealthState.Unknown),
        (sight.Serves ?? []).Aggregate(StateClasses.None, (all, one) => all | Classes.GetValueOrDefault(one)));

    // An edge of before it was said takes clients as soon as it reports.
    private sealed record Body(Dictionary<string, Sight?>? Regions, string?[]? Hears, bool TakesClients = true);

    private sealed record Sight(string? State, string[]? Serves);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Body))]
    private sealed partial class PeerJson : JsonSerializerContext;
}
