using System.Net;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Explaining;

/// <summary>
/// Says where a client's request would go and why, by the same call that a request makes. One explainer speaks of one
/// snapshot, so a file of addresses is answered by one state of the world.
/// </summary>
/// <param name="snapshot">The state of the world.</param>
/// <param name="leaders">The leader of what a route writes, by the route's id, where requests have told it; null for none.</param>
internal sealed class Explainer(EdgeSnapshot snapshot, Func<string, RouteLeader>? leaders = null)
{
    private readonly Candidate[] room = new Candidate[snapshot.World.Topology.Regions.Length];
    private readonly JsonEncodedText[] names = [.. snapshot.World.Topology.Regions.Select(region => JsonEncodedText.Encode(region.Name))];

    /// <summary>Writes one JSON object: who asks, the answer, and every region with the reason it stands where it stands.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="client">The client's address, already known; no header is read.</param>
    /// <param name="route">The route its request takes.</param>
    public void Write(Utf8JsonWriter json, IPAddress client, EdgeRoute route)
    {
        var world = snapshot.World;
        var key = EmbeddedIPv4.Unwrap(ClientKey.Of(client));
        var match = snapshot.Places.Find(key);
        var network = world.Networks.Find(key);
        var question = RouteQuestion.Of(route, ~world.Topology.MaskOf(route.Regions), key, match.Place, network);
        if (route.PrefersLeader && leaders is not null) question = question with { First = leaders(route.Route.RouteId).In(world.Topology), FirstReason = CandidateReason.Leader };
        var decision = world.Decide(question, room);

        json.WriteStartObject();
        WriteAddress(json, client);
        if (decision.Eligible.IsEmpty) json.WriteNull("region");
        else json.WriteString("region", names[decision.Eligible[0].Region]);
        json.WriteBoolean("failedOpen", decision.FailedOpen);
        ExplanationJson.WritePlace(json, world, match, network);
        json.WriteString("route", route.Route.RouteId);
        json.WriteString("state", route.State.Code());
        ExplanationJson.WriteCandidates(json, world, decision, names);
        json.WriteNumber("configurationVersion", world.Topology.Version);
        json.WriteNumber("healthVersion", world.Health.Version);
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, IPAddress client)
    {
        Span<char> text = stackalloc char[64];
        client.TryFormat(text, out var length);
        json.WriteString("client", text[..length]);
    }
}
