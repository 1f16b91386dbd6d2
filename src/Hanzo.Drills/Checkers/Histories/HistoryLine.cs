using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hanzo.Drills.Checkers.Histories;

/// <summary>What a client knows of its call.</summary>
internal enum CallOutcome
{
    Done,

    /// <summary>Answered with a no that left everything as it was.</summary>
    Refused,

    /// <summary>A payment that its gateway said no to.</summary>
    Declined,

    /// <summary>No answer came: it may take effect at any later time, or never.</summary>
    Unknown,
}

/// <summary>
/// One line of a history file: an operation on one object, as its client saw it. A request with its retries is one
/// operation, from the first call to the answer.
/// </summary>
internal sealed record HistoryLine
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public required int Client { get; init; }

    /// <summary>The kind and name of the object, such as <c>stock/MUG-1</c>.</summary>
    public required string Object { get; init; }

    /// <summary>What was asked of it, such as <c>hold</c>.</summary>
    public required string Call { get; init; }

    /// <summary>Units or minor units that the call names.</summary>
    public long? Amount { get; init; }

    /// <summary>The version in If-Match.</summary>
    public long? Version { get; init; }

    /// <summary>When it was called, in ticks of a clock that all clients of the history share.</summary>
    public required long Called { get; init; }

    /// <summary>When it was answered; there unless the outcome is unknown.</summary>
    public long? Answered { get; init; }

    public required CallOutcome Outcome { get; init; }

    /// <summary>The stock that the answer told.</summary>
    public StockFacts? Stock { get; init; }

    /// <summary>The payment that the answer told.</summary>
    public PaymentFacts? Payment { get; init; }

    /// <summary>The reservation that the answer told.</summary>
    public ReservationState? Reservation { get; init; }

    /// <summary>The answer of an idempotency key.</summary>
    public string? Digest { get; init; }

    [JsonIgnore]
    public string Kind => Object.Split('/', 2)[0];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a line. Throws <see cref="JsonException"/> where it is none.</summary>
    public static HistoryLine Parse(string text) => JsonSerializer.Deserialize<HistoryLine>(text, Json) ?? throw new JsonException("null is no operation");
}
