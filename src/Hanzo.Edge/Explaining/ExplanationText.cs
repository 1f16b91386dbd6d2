using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hanzo.Edge.Explaining;

/// <summary>Renders the JSON of an explanation for a person. It reads the same object that scripts read, so both say the same.</summary>
internal static class ExplanationText
{
    /// <summary>A few lines: who and where, which route, then a line a region.</summary>
    public static string Of(JsonElement explanation)
    {
        var text = new StringBuilder();
        var region = explanation.GetProperty("region").GetString();
        text.Append(CultureInfo.InvariantCulture, $"{explanation.GetProperty("client").GetString()} goes to {region ?? "no region: the request is refused"}");
        text.AppendLine(explanation.GetProperty("failedOpen").GetBoolean() ? " (nothing fits; the route fails open)" : "");
        text.AppendLine($"  place   {Place(explanation.GetProperty("place"))}");
        text.AppendLine($"  route   {explanation.GetProperty("route").GetString()}, needs {explanation.GetProperty("state").GetString()}");
        AppendCandidates(text, explanation);
        text.Append($"  configuration {explanation.GetProperty("configurationVersion")}, health {explanation.GetProperty("healthVersion")}");
        return text.ToString();
    }

    /// <summary>The same for a DNS query.</summary>
    public static string OfDns(JsonElement explanation)
    {
        var text = new StringBuilder();
        var region = explanation.GetProperty("region").GetString();
        text.Append(CultureInfo.InvariantCulture, $"{explanation.GetProperty("name").GetString()} leads {explanation.GetProperty("client").GetString()} to {region ?? "nowhere: it is answered without an address"}");
        text.AppendLine(explanation.GetProperty("failedOpen").GetBoolean() ? " (nothing fits; the name fails open)" : "");
        foreach (var type in explanation.GetProperty("answer").EnumerateObject())
            text.AppendLine($"  {type.Name,-7} {(type.Value.GetArrayLength() == 0 ? "none" : string.Join(", ", type.Value.EnumerateArray().Select(address => address.GetString())))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  ttl     {explanation.GetProperty("ttl")} s, of {explanation.GetProperty("minTtl")} to {explanation.GetProperty("maxTtl")} s");
        text.AppendLine($"  scope   {explanation.GetProperty("scope").GetString() ?? "every client of this resolver"}");
        text.AppendLine($"  place   {Place(explanation.GetProperty("place"))}");
        text.AppendLine($"  over    {explanation.GetProperty("over").GetString()} that serve {explanation.GetProperty("state").GetString()}");
        AppendCandidates(text, explanation);
        text.Append($"  configuration {explanation.GetProperty("configurationVersion")}, health {explanation.GetProperty("healthVersion")}");
        return text.ToString();
    }

    private static void AppendCandidates(StringBuilder text, JsonElement explanation)
    {
        var rank = 0;
        foreach (var candidate in explanation.GetProperty("candidates").EnumerateArray())
        {
            var position = candidate.GetProperty("eligible").GetBoolean() ? $"{++rank}." : "-";
            text.AppendLine(
                $"  {position,-3} {candidate.GetProperty("region").GetString(),-16} {candidate.GetProperty("reason").GetString(),-12}"
                + $" {Figure(candidate, "estimateMs", "ms"),10} {Figure(candidate, "distanceKm", "km"),11}  by {candidate.GetProperty("by").GetString()}{State(candidate)}");
        }
    }

    private static string Place(JsonElement place)
    {
        var names = string.Join(", ", new[] { place.GetProperty("country").GetString(), place.GetProperty("continent").GetString() }.Where(name => name is not null));
        var where = place.TryGetProperty("location", out var point) ? $" at {point[0]}, {point[1]}" : "";
        return $"{(names.Length == 0 ? "not known" : names)}{where} (by {Source(place)})";
    }

    private static string Source(JsonElement place) => place.GetProperty("from").GetString() switch
    {
        "network" => $"network {place.GetProperty("network").GetString()}",
        "table" => $"location table, /{place.GetProperty("prefixLength")}",
        _ => "default: no table finds this client",
    };

    // Said only where it is not what one expects, both together: what is observed, and what an operator holds against it.
    private static string State(JsonElement candidate)
    {
        var (observed, forced) = (candidate.GetProperty("observed").GetString(), candidate.GetProperty("forced").GetString());
        return (observed, forced) is ("up", "none") ? "" : $", observed {observed}{(forced == "none" ? "" : $", forced by {forced}")}";
    }

    private static string Figure(JsonElement candidate, string name, string unit) =>
        candidate.GetProperty(name) is { ValueKind: JsonValueKind.Number } figure ? $"{figure.GetDecimal():0.#} {unit}" : $"? {unit}";
}
