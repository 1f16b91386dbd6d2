using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Receipts;

/// <summary>One attempt of a request, as its receipt keeps it.</summary>
/// <param name="Endpoint">The endpoint asked.</param>
/// <param name="Region">Its region's index.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The status it answered, or 0.</param>
/// <param name="Ms">Time to the head of its response, or to its end where none came.</param>
internal readonly record struct ReceiptAttempt(string Endpoint, sbyte Region, RequestOutcome Outcome, short Status, float Ms);
