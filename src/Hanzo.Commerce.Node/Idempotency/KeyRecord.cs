using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Idempotency;

/// <summary>A key that was used, kept in the same entry as what the request did.</summary>
/// <param name="Answer">What the request came to; null while that is not decided.</param>
internal sealed record KeyRecord(string Id, string Fingerprint, DateTimeOffset At, Reply? Answer);
