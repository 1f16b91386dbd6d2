using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>An idempotency key as a request uses it.</summary>
/// <param name="Id">The key within its merchant and path: the same words mean another thing to another merchant.</param>
/// <param name="Fingerprint">A hash of the whole request. The same key with another one is a mistake of the caller.</param>
internal sealed record KeyUse(string Id, string Fingerprint)
{
    /// <summary>What a request is told whose key is known and has no answer yet.</summary>
    public const string InUse = "idempotency_key_in_use";

    /// <summary>What a request is told whose key is known: the answer, that it is too early, or that the request is another one.</summary>
    /// <param name="first">The fingerprint of the request that used the key first.</param>
    /// <param name="answer">What that came to; null while it is not decided.</param>
    public Reply Recall(string first, Reply? answer) =>
        first != Fingerprint ? new Refused("idempotency_key_reused") : answer ?? new Refused(InUse);
}
