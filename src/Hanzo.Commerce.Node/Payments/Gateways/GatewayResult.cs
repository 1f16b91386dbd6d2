using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>What a gateway said, or that it could not be heard.</summary>
/// <param name="Reference">The gateway's name for the transaction.</param>
/// <param name="Code">Why it declined, or what kept it from answering.</param>
/// <param name="ActionUrl">Where the customer goes to agree.</param>
internal sealed record GatewayResult(GatewayOutcome Outcome, string? Reference = null, string? Code = null, string? ActionUrl = null)
{
    public static GatewayResult Succeeded(string reference) => new(GatewayOutcome.Succeeded, reference);

    public static GatewayResult Declined(string code, string? reference = null) => new(GatewayOutcome.Declined, reference, code);

    public static GatewayResult ActionRequired(string reference, string url) => new(GatewayOutcome.ActionRequired, reference, ActionUrl: url);

    public static GatewayResult NotDone(string why) => new(GatewayOutcome.NotDone, Code: why);

    public static GatewayResult Unknown(string why) => new(GatewayOutcome.Unknown, Code: why);
}

/// <summary>How a call to a gateway ended. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GatewayOutcome>))]
internal enum GatewayOutcome
{
    Succeeded,
    Declined,

    /// <summary>The customer has to agree first.</summary>
    ActionRequired,

    /// <summary>It certainly did nothing: it was not reached, or it says that it does not know of the request.</summary>
    NotDone,

    /// <summary>It may have done it: the request was sent and no answer came that says so.</summary>
    Unknown,
}
