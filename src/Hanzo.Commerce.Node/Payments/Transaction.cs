using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>
/// One thing asked of a gateway. It is written down before the gateway is called, so that whoever comes after a crash knows
/// what to ask about; the gateway's own idempotency key follows from its number.
/// </summary>
/// <param name="Number">1 for the payment's first.</param>
/// <param name="Amount">In minor units of the payment's currency.</param>
internal sealed record Transaction(int Number, TransactionKind Kind, long Amount, string Gateway, TransactionStatus Status, DateTimeOffset At)
{
    /// <summary>The gateway's name for it, once it told one.</summary>
    public string? Reference { get; init; }

    /// <summary>Why it failed, in the gateway's words.</summary>
    public string? Code { get; init; }

    /// <summary>Where the customer goes to agree.</summary>
    public string? ActionUrl { get; init; }

    /// <summary>Gateways to go on to while it is certain that none did anything.</summary>
    public ImmutableArray<string> Next { get; init; } = [];

    /// <summary>The idempotency key to answer when it is settled.</summary>
    public string? Key { get; init; }

    /// <summary>How often its outcome could not be learned.</summary>
    public int Unknowns { get; init; }

    /// <summary>When somebody other than its caller may ask the gateway for the outcome.</summary>
    public DateTimeOffset AskAt { get; init; }
}

/// <summary>What is asked. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransactionKind>))]
internal enum TransactionKind
{
    Authorize,
    Capture,
    Void,
    Refund,
}

/// <summary>What came of it. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransactionStatus>))]
internal enum TransactionStatus
{
    /// <summary>Asked for; the outcome is not known yet.</summary>
    Pending,

    /// <summary>The customer has to agree first.</summary>
    ActionRequired,
    Succeeded,

    /// <summary>The gateway said no.</summary>
    Failed,

    /// <summary>The gateway certainly did nothing: as if it had not been asked.</summary>
    NotDone,

    /// <summary>The gateway took a success back later.</summary>
    Reversed,
}
