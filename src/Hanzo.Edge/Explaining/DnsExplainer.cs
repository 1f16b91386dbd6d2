using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Explaining;

/// <summary>Says what a DNS query for a steered name is answered and why, from the answers that queries are given.</summary>
internal static class DnsExplainer
{
    /// <summary>The explanation as a JSON object, or what is wrong with the question.</summary>
    public static (string? Json, string? Wrong) Explain(EdgeAnswers? answers, DnsQuestion question)
    {
        if (answers is null) return (null, "This edge has no DNS server: its configuration has no `dns`.");
        if (!DnsName.TryParse(question.Name, DnsName.Root, out var name)) return (null, $"'{question.Name}' is not a domain name.");
        var client = ClientKey.Of(question.Client.BaseAddress);
        if (answers.Dns.Explain(name, client, answers.Snapshot.Places.PlaceOf) is not { } found)
            return (null, $"{question.Name} is not steered: it is answered from records, or not at all.");
        if (question.IsSubnet && (found.Name.IgnoreEcs || question.Client.PrefixLength == 0))
            return (null, $"The client's network does not count here{(found.Name.IgnoreEcs ? " (ignoreEcs)" : "")}: name the resolver with --client IP.");

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, answers, question, found);
        return (Encoding.UTF8.GetString(buffer.WrittenSpan), null);
    }

    private static void Write(Utf8JsonWriter json, EdgeAnswers answers, DnsQuestion question, SteeredExplanation found)
    {
        var world = found.World;
        var decision = world.Decide(found.Question, new Candidate[world.Topology.Regions.Length]);
        var key = EmbeddedIPv4.Unwrap(ClientKey.Of(question.Client.BaseAddress));
        json.WriteStartObject();
        json.WriteString("name", question.Name);
        json.WriteString("client", question.IsSubnet ? question.Client.ToString() : question.Client.BaseAddress.ToString());
        json.WriteString("by", question.IsSubnet ? "subnet" : "resolver");
        json.WriteStartObject("answer");
        WriteAddresses(json, "A", found, AddressFamily.InterNetwork);
        WriteAddresses(json, "AAAA", found, AddressFamily.InterNetworkV6);
        json.WriteEndObject();
        json.WriteNumber("ttl", found.Ttl.TotalSeconds);
        json.WriteNumber("minTtl", found.Name.MinTtl.TotalSeconds);
        json.WriteNumber("maxTtl", found.Name.MaxTtl.TotalSeconds);
        if (question.IsSubnet) json.WriteString("scope", Scope(question.Client.BaseAddress, found.Scope));
        else json.WriteNull("scope");
        json.WriteString("over", found.Name.Over == SteeredOver.Sites ? "sites" : "regions");
        if (decision.Eligible.IsEmpty) json.WriteNull("region");
        else json.WriteString("region", world.Topology.Regions[decision.Eligible[0].Region].Name);
        json.WriteBoolean("failedOpen", decision.FailedOpen);
        ExplanationJson.WritePlace(json, world, answers.Snapshot.Places.Find(key), found.Question.Network);
        json.WriteString("state", found.Name.State.Code());
        ExplanationJson.WriteCandidates(json, world, decision, [.. world.Topology.Regions.Select(region => JsonEncodedText.Encode(region.Name))]);
        json.WriteNumber("configurationVersion", answers.Snapshot.World.Topology.Version);
        json.WriteNumber("healthVersion", answers.Snapshot.World.Health.Version);
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, string type, SteeredExplanation found, AddressFamily family)
    {
        json.WriteStartArray(type);
        foreach (var address in found.Addresses.Where(address => address.AddressFamily == family)) json.WriteStringValue(address.ToString());
        json.WriteEndArray();
    }

    /// <summary>The network around an address that an answer holds for.</summary>
    private static string Scope(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)~(0xFF >> Math.Clamp(prefix - 8 * i, 0, 8));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{prefix}");
    }
}
