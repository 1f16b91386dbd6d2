using System.Text.Json;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>
/// Reads which state classes an endpoint reports: <c>{"serves":["read","local-write","consensus"]}</c>, other members
/// and unknown classes ignored. A body that is not such a report vouches for all classes: any HTTP service can stand
/// behind the edge, and its 200 means what it always meant.
/// </summary>
internal static class ReadinessReport
{
    /// <summary>Bytes of a body that are looked at.</summary>
    public const int MaxLength = 64 * 1024;

    public static StateClasses Serves(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } report
                && report.TryGetProperty("serves", out var serves)
                && serves.ValueKind == JsonValueKind.Array
                ? serves.EnumerateArray().Aggregate(StateClasses.None, (all, one) => all | Class(one))
                : StateClasses.All;
        }
        catch (JsonException)
        {
            return StateClasses.All;
        }
    }

    private static StateClasses Class(JsonElement name) => name.ValueKind != JsonValueKind.String ? StateClasses.None : name.GetString() switch
    {
        "read" => StateClasses.Read,
        "local-write" => StateClasses.LocalWrite,
        "consensus" => StateClasses.Consensus,
        _ => StateClasses.None,
    };
}
