namespace Hanzo.Drills.Checkers.Histories;

/// <summary>A call to the stock of one SKU.</summary>
internal abstract record StockCall
{
    public sealed record Read : StockCall;

    /// <summary>Says how many units there are.</summary>
    /// <param name="Version">The state that they were counted against, or null when the caller named none.</param>
    public sealed record Put(long Units, long? Version = null) : StockCall;

    /// <summary>Says how many units came, or went where negative.</summary>
    public sealed record Adjust(long Units) : StockCall;

    /// <summary>Holds units for a reservation.</summary>
    public sealed record Hold(long Units) : StockCall;

    /// <summary>Takes units that a reservation holds. Whether it still holds them is the reservation's own history.</summary>
    public sealed record Commit(long Units) : StockCall;

    /// <summary>Frees units that a reservation holds.</summary>
    public sealed record Release(long Units) : StockCall;
}

/// <summary>What is known of a SKU's stock.</summary>
/// <param name="OnHand">Units that are there, held ones included.</param>
/// <param name="Version">Counts the changes; 0 before there is any stock.</param>
internal readonly record struct StockFacts(long OnHand, long Held, long Committed, long Version);

/// <summary>Stock's answer: whether it was done, and the facts after it where the answer tells them.</summary>
internal readonly record struct StockAnswer(bool Done, StockFacts? Facts = null);

/// <summary>
/// A counter that never goes below what is held of it, nor that below zero. What cannot be done is refused, and is refused
/// only then. Reservations here do not expire: whoever records a history holds for longer than the history lasts.
/// </summary>
internal sealed class StockModel : ISequentialModel<StockFacts, StockCall, StockAnswer>
{
    public StockFacts Initial => default;

    public StockFacts? After(StockFacts state, StockCall call, StockAnswer answer)
    {
        var next = Apply(state, call);
        return answer.Done == next is not null && (answer.Facts is not { } seen || seen == (next ?? state)) ? next ?? state : null;
    }

    public IEnumerable<StockFacts> AfterUnseen(StockFacts state, StockCall call) => Apply(state, call) is { } next && next != state ? [next] : [];

    private static StockFacts? Apply(StockFacts state, StockCall call) => call switch
    {
        StockCall.Put put => Put(state, put),
        _ when state.Version == 0 => null,
        StockCall.Read => state,
        StockCall.Adjust adjust => Count(state, state.OnHand + adjust.Units),
        StockCall.Hold hold => state.OnHand - state.Held >= hold.Units ? Next(state with { Held = state.Held + hold.Units }) : null,
        StockCall.Commit commit => state.Held >= commit.Units
            ? Next(state with { OnHand = state.OnHand - commit.Units, Held = state.Held - commit.Units, Committed = state.Committed + commit.Units })
            : null,
        StockCall.Release release => state.Held >= release.Units ? Next(state with { Held = state.Held - release.Units }) : null,
        _ => null,
    };

    private static StockFacts? Put(StockFacts state, StockCall.Put put) =>
        put.Version is { } version && version != state.Version ? null
        : state.Version == 0 ? new StockFacts(put.Units, 0, 0, 1)
        : state.OnHand == put.Units ? state
        : put.Version is null ? null
        : Count(state, put.Units);

    private static StockFacts? Count(StockFacts state, long onHand) => onHand < state.Held ? null : Next(state with { OnHand = onHand });

    private static StockFacts Next(StockFacts changed) => changed with { Version = changed.Version + 1 };
}
