namespace Hanzo.Drills.Checkers.Histories;

/// <summary>
/// One operation as the client that asked for it saw it. A request that was retried with its idempotency key is one
/// operation, from its first call to its last answer.
/// </summary>
/// <param name="Client">Who asked, for people who read the evidence.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Called">When, on the clock that all clients of a history share.</param>
/// <param name="Answer">What was answered, and when; null when nobody knows whether it took effect: it may have, at any time later.</param>
internal sealed record Operation<TCall, TAnswer>(int Client, TCall Call, long Called, Answered<TAnswer>? Answer)
{
    public override string ToString() =>
        $"client {Client}: {Call} -> {(Answer is { } answer ? $"{answer.Value}" : "unknown")} [{Called}, {(Answer is { } end ? $"{end.At}" : "...")}]";
}

/// <summary>An answer and when it arrived.</summary>
internal sealed record Answered<TAnswer>(TAnswer Value, long At);
