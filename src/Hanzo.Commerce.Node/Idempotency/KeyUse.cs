namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>An idempotency key as a request uses it.</summary>
/// <param name="Id">The key within its merchant and path: the same words mean another thing to another merchant.</param>
/// <param name="Fingerprint">A hash of the whole request. The same key with another one is a mistake of the caller.</param>
internal sealed record KeyUse(string Id, string Fingerprint);
