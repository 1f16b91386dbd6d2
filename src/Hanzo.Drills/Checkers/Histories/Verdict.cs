using System.Collections.Immutable;

namespace Hanzo.Drills.Checkers.Histories;

/// <summary>What a search for an order came to.</summary>
internal enum Outcome
{
    Linearizable,
    NotLinearizable,

    /// <summary>The search outgrew its bound: nothing is known.</summary>
    GaveUp,
}

/// <summary>The outcome with its evidence.</summary>
/// <param name="Order">An order that explains every answer, or the longest that was found.</param>
/// <param name="Unexplained">The operation whose answer nothing explains after <paramref name="Order"/>; null when all are explained.</param>
internal sealed record Verdict<TCall, TAnswer>(
    Outcome Outcome, ImmutableArray<Operation<TCall, TAnswer>> Order, Operation<TCall, TAnswer>? Unexplained)
{
    private const int LastShown = 5;

    /// <summary>The evidence for a person: the end of the longest order, and what cannot follow it.</summary>
    public string Evidence() => Outcome switch
    {
        Outcome.Linearizable => "every answer is explained by one order",
        Outcome.GaveUp => $"gave up after an order of {Order.Length} operations",
        _ => string.Join('\n', [.. Order.TakeLast(LastShown).Select(operation => $"  {operation}"), $"  cannot follow: {Unexplained}"]),
    };
}
