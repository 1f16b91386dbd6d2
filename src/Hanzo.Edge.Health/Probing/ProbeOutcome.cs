using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>What one probe found.</summary>
/// <param name="Result">The kind of answer.</param>
/// <param name="Serves">The state classes a good answer vouches for; none for a failure.</param>
/// <param name="Detail">The cause in a few words, for the log.</param>
/// <param name="RoundTrip">How long connecting took, or null where it did not come to that.</param>
internal readonly record struct ProbeOutcome(ProbeResult Result, StateClasses Serves, string Detail, TimeSpan? RoundTrip = null)
{
    public bool IsGood => Result == ProbeResult.Good;

    public static ProbeOutcome Good(StateClasses serves) => new(ProbeResult.Good, serves, "good probes");

    public static ProbeOutcome Failed(ProbeResult result, string detail) => new(result, StateClasses.None, detail);
}

/// <summary>Kinds of answer, as the metrics tell them apart.</summary>
internal enum ProbeResult : byte
{
    /// <summary>The endpoint is fit.</summary>
    Good,

    /// <summary>It said itself that it is not: counts at once.</summary>
    Refused,

    /// <summary>It answered with a status that is not expected.</summary>
    Status,

    /// <summary>It answered with a body that lacks the expected text.</summary>
    Body,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>No connection: refused, unreachable, or the name did not resolve.</summary>
    Connect,

    /// <summary>The TLS handshake or the certificate failed.</summary>
    Tls,

    /// <summary>The connection broke, or what came was not HTTP.</summary>
    Broken,

    /// <summary>The probe itself failed: a defect here, not there. Counts as no observation.</summary>
    Error,
}

/// <summary>The names of <see cref="ProbeResult"/> in metrics.</summary>
internal static class ProbeResultNames
{
    private static readonly string[] names = [.. Enum.GetNames<ProbeResult>().Select(name => name.ToLowerInvariant())];

    public static string Label(this ProbeResult result) => names[(int)result];
}
