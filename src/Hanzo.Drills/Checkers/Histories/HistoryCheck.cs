namespace Hanzo.Drills.Checkers.Histories;

/// <summary>What one object's history came to.</summary>
internal sealed record ObjectVerdict(string Object, int Operations, Outcome Outcome, string Evidence);

/// <summary>Judges the lines of a history, each object by the model of its kind.</summary>
internal static class HistoryCheck
{
    /// <summary>What the search of one object may remember, roughly, in bytes.</summary>
    private const long MostMemory = 512L << 20;

    private const int BytesOfAPlace = 128;

    /// <returns>A verdict an object, in the order in which objects first appear.</returns>
    /// <exception cref="FormatException">A line asks something that no object of its kind knows; the message says what.</exception>
    public static IReadOnlyList<ObjectVerdict> Of(IEnumerable<HistoryLine> lines) =>
        [.. lines.GroupBy(line => line.Object).Select(group => Judge(group.Key, [.. group]))];

    private static ObjectVerdict Judge(string name, HistoryLine[] lines) => lines[0].Kind switch
    {
        "stock" => Judge(name, new StockModel(), lines, StockCallOf, line => new StockAnswer(line.Outcome == CallOutcome.Done, line.Stock)),
        "ledger" => Conservation.WhyNot(lines) is { } why
            ? new ObjectVerdict(name, lines.Length, Outcome.NotLinearizable, why)
            : new ObjectVerdict(name, lines.Length, Outcome.Linearizable, "it adds up"),
        "reservation" => Judge(name, new ReservationModel(), lines, ReservationCallOf, line => new ReservationAnswer(line.Outcome == CallOutcome.Done, line.Reservation)),
        "payment" => Judge(name, new PaymentModel(), lines, PaymentCallOf, line => new PaymentAnswer(PaymentOutcomeOf(line), line.Payment)),
        "key" => Judge(name, new KeyModel(), lines, _ => new KeyModel.Request(), line => new KeyAnswer(line.Digest ?? throw Unknown(line, "an answer without a digest"))),
        _ => throw Unknown(lines[0], "an object of no known kind (stock, ledger, reservation, payment, key)"),
    };

    private static ObjectVerdict Judge<TState, TCall, TAnswer>(
        string name, ISequentialModel<TState, TCall, TAnswer> model, HistoryLine[] lines, Func<HistoryLine, TCall> call, Func<HistoryLine, TAnswer> answer)
        where TState : struct, IEquatable<TState>
    {
        var operations = lines.Select(line => new Operation<TCall, TAnswer>(
            line.Client, call(line), line.Called, line.Outcome == CallOutcome.Unknown ? null : new(answer(line), line.Answered ?? throw Unknown(line, "an answer without a time")))).ToList();
        var verdict = LinearizabilityChecker.Check(model, operations, (int)(MostMemory / (BytesOfAPlace + lines.Length / 8)));
        return new ObjectVerdict(name, lines.Length, verdict.Outcome, verdict.Evidence());
    }

    private static StockCall StockCallOf(HistoryLine line) => (line.Call, line.Amount) switch
    {
        ("read", null) => new StockCall.Read(),
        ("put", { } units) => new StockCall.Put(units, line.Version),
        ("adjust", { } units) => new StockCall.Adjust(units),
        ("hold", { } units) => new StockCall.Hold(units),
        ("commit", { } units) => new StockCall.Commit(units),
        ("release", { } units) => new StockCall.Release(units),
        _ => throw Unknown(line, "a call that stock does not know"),
    };

    private static ReservationCall ReservationCallOf(HistoryLine line) => line.Call switch
    {
        "read" => ReservationCall.Read,
        "commit" => ReservationCall.Commit,
        "release" => ReservationCall.Release,
        _ => throw Unknown(line, "a call that reservations do not know"),
    };

    private static PaymentCall PaymentCallOf(HistoryLine line) => (line.Call, line.Amount) switch
    {
        ("read", null) => new PaymentCall.Read(),
        ("create", { } amount) => new PaymentCall.Create(amount),
        ("authorize", null) => new PaymentCall.Authorize(),
        ("capture", { } amount) => new PaymentCall.Capture(amount),
        ("void", null) => new PaymentCall.Void(),
        ("refund", { } amount) => new PaymentCall.Refund(amount),
        _ => throw Unknown(line, "a call that payments do not know"),
    };

    private static PaymentOutcome PaymentOutcomeOf(HistoryLine line) => line.Outcome switch
    {
        CallOutcome.Done => PaymentOutcome.Done,
        CallOutcome.Declined => PaymentOutcome.Declined,
        _ => PaymentOutcome.Refused,
    };

    private static FormatException Unknown(HistoryLine line, string what) => new($"{line.Object}: {line.Call} of client {line.Client} at {line.Called} is {what}");
}
