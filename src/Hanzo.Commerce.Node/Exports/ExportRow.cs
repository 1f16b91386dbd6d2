using System.Text.Json.Serialization;
using Parquet.Serialization.Attributes;

namespace Hanzo.Commerce.Node.Exports;

/// <summary>One change of a log as a warehouse takes it, with the same names in both formats.</summary>
internal sealed class ExportRow
{
    /// <summary>Of the entry in its origin's log; an entry may hold several changes.</summary>
    [JsonPropertyName("sequence")]
    public required long Sequence { get; init; }

    /// <summary>Its place in the entry, from 0.</summary>
    [JsonPropertyName("part")]
    public required int Part { get; init; }

    /// <summary>When it was written, by the hybrid clock of its node.</summary>
    [JsonPropertyName("at")]
    [ParquetTimestamp(ParquetTimestampResolution.Milliseconds, true, true)]
    public required DateTime At { get; init; }

    [JsonPropertyName("collection")]
    [ParquetRequired]
    public required string Collection { get; init; }

    /// <summary>What was changed: the id of a cart, a product or an event.</summary>
    [JsonPropertyName("key")]
    [ParquetRequired]
    public required string Key { get; init; }

    /// <summary>Of events alone, as all that follows.</summary>
    [JsonPropertyName("event")]
    public string? Event { get; init; }

    [JsonPropertyName("session")]
    public string? Session { get; init; }

    [JsonPropertyName("user")]
    public string? User { get; init; }

    /// <summary>When it happened, by the client's clock.</summary>
    [JsonPropertyName("timestamp")]
    [ParquetTimestamp(ParquetTimestampResolution.Milliseconds, true, true)]
    public DateTime? Timestamp { get; init; }

    /// <summary>A JSON object.</summary>
    [JsonPropertyName("properties")]
    public string? Properties { get; init; }
}
