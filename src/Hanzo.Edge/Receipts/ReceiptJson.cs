using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Proxying;
using Hanzo.Edge.Proxying.Failover;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Receipts;

/// <summary>A receipt as a JSON object: who asked, what was decided and why, every attempt, and how it ended.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes <paramref name="receipt"/>.</summary>
    public static void Write(Utf8JsonWriter json, in DecisionReceipt receipt)
    {
        var regions = receipt.Topology.Regions;
        json.WriteStartObject();
        json.WriteString("requestId", receipt.RequestId.ToString());
        json.WriteString("ended", new DateTimeOffset(receipt.EndedTicks, TimeSpan.Zero));
        json.WriteString("client", Text(receipt.Client));
        json.WriteString("country", receipt.Country.Text);
        json.WriteString("continent", receipt.Continent.Text);
        json.WriteString("route", receipt.Route);
        json.WriteString("region", receipt.Region < 0 ? null : regions[receipt.Region].Name);
        json.WriteNumber("status", receipt.Status);
        json.WriteString("error", receipt.Error);
        json.WriteNumber("ms", Math.Round((decimal)receipt.Seconds * 1000, 1));
        json.WriteBoolean("failedOpen", receipt.FailedOpen);
        json.WriteStartArray("attempts");
        foreach (var attempt in receipt.Failed ?? []) Write(json, receipt, attempt);
        if (receipt.IsAnswered) Write(json, receipt, new ReceiptAttempt(receipt.Endpoint!, receipt.Region, RequestOutcome.Answered, receipt.Status, receipt.HeadMs));
        json.WriteEndArray();
        json.WriteStartArray("candidates");
        for (var i = 0; i < receipt.Count; i++) Write(json, receipt, receipt.Candidates[i], i < receipt.Eligible);
        json.WriteEndArray();
        json.WriteNumber("configurationVersion", receipt.Topology.Version);
        json.WriteNumber("healthVersion", receipt.HealthVersion);
        json.WriteEndObject();
    }

    private static string Text(ClientKey client)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, client.Value);
        return new IPAddress(client.IsIPv4 ? bytes[12..] : bytes).ToString();
    }

    private static void Write(Utf8JsonWriter json, in DecisionReceipt receipt, ReceiptAttempt attempt)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", attempt.Endpoint);
        json.WriteString("region", receipt.Topology.Regions[attempt.Region].Name);
        json.WriteString("outcome", attempt.Outcome.Code());
        if (attempt.Status != 0) json.WriteNumber("status", attempt.Status);
        json.WriteNumber("ms", Math.Round((decimal)attempt.Ms, 1));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in DecisionReceipt receipt, Standing candidate, bool isEligible)
    {
        json.WriteStartObject();
        json.WriteString("region", receipt.Topology.Regions[candidate.Region].Name);
        json.WriteBoolean("eligible", isEligible);
        json.WriteString("reason", candidate.Reason.Code());
        json.WriteEndObject();
    }
}
