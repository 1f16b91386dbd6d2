using System.Text.Json;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Explaining;

/// <summary>The parts that explanations of requests and of DNS answers have in common.</summary>
internal static class ExplanationJson
{
    /// <summary>Where a client is taken to be, and who says so.</summary>
    public static void WritePlace(Utf8JsonWriter json, SteeringWorld world, PlaceMatch match, int network)
    {
        var (place, source) = world.PlaceOf(match.Place, network);
        json.WriteStartObject("place");
        json.WriteString("country", place.Country);
        json.WriteString("continent", place.Continent);
        if (place.Location is { } point)
        {
            json.WriteStartArray("location");
            json.WriteNumberValue(point.Latitude);
            json.WriteNumberValue(point.Longitude);
            json.WriteEndArray();
        }
        json.WriteString("from", source.Code());
        json.WriteNumber("prefixLength", match.PrefixLength);
        if (network >= 0) json.WriteString("network", world.Topology.Policy.Networks[network].Network.ToString());
        json.WriteEndObject();
    }

    /// <summary>Every region, or site, with the reason it stands where it stands.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="world">What decided.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="names">The names by index.</param>
    public static void WriteCandidates(Utf8JsonWriter json, SteeringWorld world, in SteeringDecision decision, JsonEncodedText[] names)
    {
        json.WriteStartArray("candidates");
        for (var i = 0; i < decision.All.Length; i++)
            WriteCandidate(json, decision.All[i], world.Health, names, eligible: i < decision.Eligible.Length);
        json.WriteEndArray();
    }

    private static void WriteCandidate(Utf8JsonWriter json, Candidate candidate, HealthSnapshot health, JsonEncodedText[] names, bool eligible)
    {
        json.WriteStartObject();
        json.WriteString("region", names[candidate.Region]);
        json.WriteBoolean("eligible", eligible);
        json.WriteString("reason", candidate.Reason.Code());
        WriteRounded(json, "estimateMs", candidate.EstimateMs);
        WriteRounded(json, "distanceKm", candidate.DistanceKm);
        json.WriteString("by", candidate.Source.Code());
        json.WriteString("observed", health.Regions[candidate.Region].Observed.Code());
        json.WriteString("forced", health.Regions[candidate.Region].Override.Code());
        json.WriteEndObject();
    }

    // One decimal says all an estimate knows; NaN, "not known", has no JSON number.
    private static void WriteRounded(Utf8JsonWriter json, string name, float value)
    {
        if (float.IsNaN(value)) json.WriteNull(name);
        else json.WriteNumber(name, Math.Round((decimal)value, 1));
    }
}
