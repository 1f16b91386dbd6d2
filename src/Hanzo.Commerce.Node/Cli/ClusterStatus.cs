using System.Globalization;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>What /cluster of a running node says, for people.</summary>
internal static class ClusterStatus
{
    private const int NotLed = 1;
    private const int NoAnswer = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Heads = ["SHARD", "ROLE", "LEADER", "TERM", "COMMIT", "APPLIED", "SNAPSHOT", "BEHIND"];

    public static async Task<int> Show(Uri node, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var url = new Uri(node, "/cluster");
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            var answer = await client.GetStringAsync(url, cancellation);
            using var json = JsonDocument.Parse(answer);
            // Read before anything is shown: half a table is no answer.
            var (text, isLed) = (Text(json.RootElement), IsLed(json.RootElement));
            await output.WriteLineAsync(asJson ? answer : text);
            return isLed ? 0 : NotLed;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"hanzo-node: {url} cannot be reached: {unreachable.Message}");
        }
        catch (Exception strange) when (strange is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            await error.WriteLineAsync($"hanzo-node: {url} does not answer like a node: {strange.Message}");
        }
        return NoAnswer;
    }

    /// <summary>Whether each shard has a leader.</summary>
    private static bool IsLed(JsonElement status) => status.GetProperty("shards").EnumerateArray().All(shard => shard.GetProperty("leader").GetString() is not null);

    private static string Text(JsonElement status)
    {
        var rows = status.GetProperty("shards").EnumerateArray().Select(Row).Prepend(Heads).ToArray();
        var widths = Heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        var disk = status.GetProperty("disk");
        return string.Join(Environment.NewLine, [
            $"cluster {status.GetProperty("cluster").GetString()}, as {status.GetProperty("node").GetString()} in {status.GetProperty("region").GetString()} sees it",
            $"disk: {Mebibytes(disk.GetProperty("free_bytes"))} MiB free, {Mebibytes(disk.GetProperty("log_bytes"))} MiB of log",
            .. lines]);
    }

    private static string[] Row(JsonElement shard) =>
    [
        shard.GetProperty("shard").GetRawText(),
        shard.GetProperty("role").GetString()!,
        shard.GetProperty("leader").GetString() ?? "none",
        shard.GetProperty("term").GetRawText(),
        shard.GetProperty("commit").GetRawText(),
        shard.GetProperty("applied").GetRawText(),
        shard.GetProperty("snapshot").GetRawText(),
        string.Join(", ", shard.GetProperty("members").EnumerateArray().Select(Behind)),
    ];

    /// <summary>How many entries a member is behind, which only the leader knows; who is not heard, and who has no vote.</summary>
    private static string Behind(JsonElement member) =>
        member.GetProperty("name").GetString()
        + (member.TryGetProperty("lag", out var lag) ? $" {lag.GetRawText()}" : "")
        + (member.TryGetProperty("active", out var active) && !active.GetBoolean() ? " silent" : "")
        + (member.GetProperty("voter").GetBoolean() ? "" : " learner");

    private static string Mebibytes(JsonElement octets) => (octets.GetInt64() / 1048576.0).ToString("F0", CultureInfo.InvariantCulture);
}
