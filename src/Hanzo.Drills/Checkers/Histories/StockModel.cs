namespace Hanzo.Drills.Checkers.Histories;

/// <summary>A call to the stock of one SKU.</summary>
internal abstract record StockCall
{
    public sealed record Read : StockCall;

    /// <summary>Takes units out, such as a reservation does.</summary>
    public sealed record Take(long Units) : StockCall;

    /// <summary>Puts units in, such as a delivery or a released reservation does.</summary>
    public sealed record Give(long Units) : StockCall;
}

/// <summary>Stock's answer: whether it was done, and what is available after it where the answer says so.</summary>
internal readonly record struct StockAnswer(bool Done, long? Available = null);

/// <summary>A counter that never goes below zero: what cannot be taken is refused, and is refused only then.</summary>
internal sealed class StockModel(long first) : ISequentialModel<long, StockCall, StockAnswer>
{
    public long Initial => first;

    public long? After(long state, StockCall call, StockAnswer answer)
    {
        var next = Apply(state, call);
        return answer.Done == next is not null && (answer.Available is not { } available || available == (next ?? state)) ? next ?? state : null;
    }

    public IEnumerable<long> AfterUnseen(long state, StockCall call) => Apply(state, call) is { } next && next != state ? [next] : [];

    private static long? Apply(long state, StockCall call) => call switch
    {
        StockCall.Take take => take.Units <= state ? state - take.Units : null,
        StockCall.Give give => state + give.Units,
        _ => state,
    };
}
