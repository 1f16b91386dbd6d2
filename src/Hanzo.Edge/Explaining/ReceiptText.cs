using System.Text;
using System.Text.Json;

namespace Hanzo.Edge.Explaining;

/// <summary>Renders the JSON of a receipt for a person.</summary>
internal static class ReceiptText
{
    /// <summary>A few lines: who asked and what came of it, a line an attempt, a line a region.</summary>
    public static string Of(JsonElement receipt)
    {
        var text = new StringBuilder();
        text.AppendLine($"request {Text(receipt, "requestId")} of {Text(receipt, "client")} ({Text(receipt, "country", "country not known")}), ended {Text(receipt, "ended")}");
        text.AppendLine($"  answer  {receipt.GetProperty("status")} from {Text(receipt, "region", "the edge itself")} after {receipt.GetProperty("ms")} ms{(receipt.GetProperty("error").GetString() is { } error ? $", {error}" : "")}");
        text.AppendLine($"  route   {Text(receipt, "route")}{(receipt.GetProperty("failedOpen").GetBoolean() ? ", nothing fitted; it failed open" : "")}");
        var number = 0;
        foreach (var attempt in receipt.GetProperty("attempts").EnumerateArray())
            text.AppendLine($"  attempt {++number}: {Text(attempt, "endpoint")} in {Text(attempt, "region")}: {Text(attempt, "outcome")}{(attempt.TryGetProperty("status", out var status) ? $" {status}" : "")} after {attempt.GetProperty("ms")} ms");
        var rank = 0;
        foreach (var candidate in receipt.GetProperty("candidates").EnumerateArray())
            text.AppendLine($"  {(candidate.GetProperty("eligible").GetBoolean() ? $"{++rank}." : "-"),-3} {Text(candidate, "region"),-16} {Text(candidate, "reason")}");
        text.Append($"  configuration {receipt.GetProperty("configurationVersion")}, health {receipt.GetProperty("healthVersion")}");
        return text.ToString();
    }

    private static string Text(JsonElement of, string name, string missing = "") => of.GetProperty(name).GetString() ?? missing;
}
