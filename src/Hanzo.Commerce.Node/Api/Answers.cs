using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Api;

/// <summary>From what the machine said to what the client is told.</summary>
internal static class Answers
{
    /// <summary>The answer to a command.</summary>
    public static ApiAnswer To(Submitted submitted, Func<Reply, ApiAnswer> told) => submitted switch
    {
        { Result: { } result } => To(result.Reply, told) with { IsRepeated = result.Repeated && result.Reply is not Refused { Code: "idempotency_key_reused" or KeyUse.InUse } },
        { MayBeApplied: true } => Unreached(submitted.RetryAfter, "unknown", "It is not known whether the request was carried out. Send it again with the same Idempotency-Key to learn it."),
        { IsDiskFull: true } => Unreached(submitted.RetryAfter, "not-applied", "The request was not carried out: the disk of the node that leads has no room. Send it again later.", "storage_unavailable"),
        _ => Unreached(submitted.RetryAfter, "not-applied", "The request was not carried out: too few nodes can be reached. Send it again."),
    };

    /// <summary>The answer to a question.</summary>
    public static ApiAnswer To(Read read, bool isLocal, Func<Reply, ApiAnswer> told) => read.Reply is { } reply
        ? To(reply, told) with { Staleness = isLocal ? read.Staleness : null }
        : Unreached(read.RetryAfter, "not-applied", "Too few nodes can be reached for a reading that is up to date. With Consistency: local this node tells what it has.");

    private static ApiAnswer To(Reply reply, Func<Reply, ApiAnswer> told) => reply switch
    {
        Refused refused => Refusals.Tell(refused),
        Underway => Unreached(TimeSpan.FromSeconds(1), "unknown", "The request was taken and is still being carried out. Send it again with the same Idempotency-Key to learn what came of it."),
        _ => told(reply),
    };

    private static ApiAnswer Unreached(TimeSpan retryAfter, string outcome, string detail, string code = "unavailable") => new(StatusCodes.Status503ServiceUnavailable)
    {
        Problem = new Problem(StatusCodes.Status503ServiceUnavailable, code, detail),
        RetryAfter = retryAfter,
        Outcome = outcome,
    };
}
