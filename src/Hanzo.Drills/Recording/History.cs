using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Recording;

/// <summary>The history that clients write together, and what they found that others may go on with.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<HistoryLine> _lines = [];

    public IReadOnlyCollection<HistoryLine> Lines => _lines;

    /// <summary>Reservations that were made and that somebody may still try to end.</summary>
    public ConcurrentQueue<OpenReservation> Reservations { get; } = [];

    /// <summary>Reservations that somebody tried to end.</summary>
    public ConcurrentQueue<string> Ended { get; } = [];

    public ConcurrentQueue<string> Payments { get; } = [];

    /// <summary>Keyed requests that nobody answered: sent again in quiet times, their keys tell what became of them.</summary>
    public ConcurrentQueue<Unanswered> Unanswered { get; } = [];

    /// <summary>Writes an operation down. One that certainly took no effect and told nothing is none.</summary>
    public void Add(int client, string on, string call, Ended ended, long? amount = null, Func<HistoryLine, Told, HistoryLine>? facts = null, long? version = null)
    {
        if (ended.Answer is null && !ended.MayBeApplied)
            return;
        var outcome = ended.Answer switch
        {
            null => CallOutcome.Unknown,
            { Done: true } => CallOutcome.Done,
            { Code: "payment_declined" } => CallOutcome.Declined,
            _ => CallOutcome.Refused,
        };
        var line = new HistoryLine { Client = client, Object = on, Call = call, Amount = amount, Version = version, Called = ended.Called, Answered = ended.Answer?.At, Outcome = outcome };
        _lines.Enqueue(outcome == CallOutcome.Done && facts is not null ? facts(line, ended.Answer!) : line);
    }

    /// <summary>Writes down what a key was answered.</summary>
    public void AddKey(int client, string key, Ended ended)
    {
        if (ended.Answer is { } answer)
            _lines.Enqueue(new HistoryLine { Client = client, Object = $"key/{key}", Call = "send", Called = ended.Called, Answered = answer.At, Outcome = CallOutcome.Done, Digest = answer.Digest });
    }

    public static HistoryLine Stock(HistoryLine line, Told answer) => line with
    {
        Stock = new StockFacts(Number(answer.Body, "on_hand"), Number(answer.Body, "held"), Number(answer.Body, "committed"), answer.Version),
    };

    public static HistoryLine Reservation(HistoryLine line, Told answer) => line with
    {
        Reservation = Enum.Parse<ReservationState>(answer.Body.GetProperty("status").GetString()!, ignoreCase: true),
    };

    public static HistoryLine Payment(HistoryLine line, Told answer) => line with
    {
        Payment = new PaymentFacts(
            Number(answer.Body.GetProperty("amount"), "amount"),
            answer.Body.GetProperty("transactions").EnumerateArray().Any(entry => entry.GetProperty("kind").GetString() == "authorize" && entry.GetProperty("status").GetString() == "succeeded"),
            answer.Body.GetProperty("status").GetString() is "voided" or "failed",
            Number(answer.Body.GetProperty("captured"), "amount"),
            Number(answer.Body.GetProperty("refunded"), "amount")),
    };

    private static long Number(JsonElement body, string name) => body.GetProperty(name).GetInt64();
}

/// <param name="Record">Writes down how it ended.</param>
internal sealed record Unanswered(Request Request, Ended Ended, Action<Ended> Record);

/// <param name="TriedBy">The call by which somebody ends it already, or null.</param>
/// <param name="Objects">The objects that it holds units of, such as <c>stock/MUG-1</c>.</param>
internal sealed record OpenReservation(string Id, ImmutableArray<string> Objects, long Units, string? TriedBy = null);
