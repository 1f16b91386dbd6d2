namespace Hanzo.Drills.Checkers.Histories;

/// <summary>
/// Whether the operations of a history can be put in one order that a single object could have executed, each standing
/// somewhere between its call and its answer.
///
/// The search is Wing and Gong's ("Testing and verifying concurrent objects", 1993) with Lowe's memory of where it was
/// ("Testing for linearizability", 2017): an operation may come next when it was called before the first answer that still
/// waits; a set of operations with the state it led to is never tried twice. An operation without an answer may stand
/// anywhere after its call, or nowhere.
/// </summary>
internal static class LinearizabilityChecker
{
    /// <summary>Searches for an order.</summary>
    /// <param name="mostPlaces">How many sets of operations with their state to remember at most, before giving up.</param>
    public static Verdict<TCall, TAnswer> Check<TState, TCall, TAnswer>(
        ISequentialModel<TState, TCall, TAnswer> model, IReadOnlyList<Operation<TCall, TAnswer>> history, int mostPlaces = 1_000_000)
        where TState : struct, IEquatable<TState>
    {
        var events = Events.Of(history);
        var seen = new HashSet<(OperationSet, TState)>();
        var path = new Stack<(int Operation, OperationSet Set, TState State, int Choice)>();
        var (set, state, choice) = (OperationSet.Of(history.Count), model.Initial, 0);
        var answersLeft = history.Count(operation => operation.Answer is not null);
        var best = new Verdict<TCall, TAnswer>(Outcome.NotLinearizable, [], null);
        var place = events.First;

        while (answersLeft > 0)
        {
            if (events.IsCall(place))
            {
                var operation = events.OperationAt(place);
                var next = Choices(model, state, history[operation]);
                var larger = set.With(operation);
                while (choice < next.Count && !seen.Add((larger, next[choice])))
                    choice++;
                if (choice == next.Count)
                {
                    (place, choice) = (events.After(place), 0);
                    continue;
                }
                if (seen.Count > mostPlaces)
                    return best with { Outcome = Outcome.GaveUp };
                path.Push((operation, set, state, choice));
                (set, state, choice) = (larger, next[choice], 0);
                events.Lift(operation);
                answersLeft -= history[operation].Answer is null ? 0 : 1;
                place = events.First;
                continue;
            }

            // An answer waits that no order so far explains.
            if (place != Events.End && (best.Unexplained is null || path.Count > best.Order.Length))
                best = best with { Order = [.. path.Reverse().Select(step => history[step.Operation])], Unexplained = history[events.OperationAt(place)] };
            if (!path.TryPop(out var last))
                return best;
            (set, state, choice) = (last.Set, last.State, last.Choice + 1);
            events.PutBack(last.Operation);
            answersLeft += history[last.Operation].Answer is null ? 0 : 1;
            place = events.CallOf(last.Operation);
        }
        return new Verdict<TCall, TAnswer>(Outcome.Linearizable, [.. path.Reverse().Select(step => history[step.Operation])], null);
    }

    /// <summary>Checks the history of each key by itself: objects that are linearizable alone are so together.</summary>
    /// <returns>The verdict of every key, in the order in which keys first appear.</returns>
    public static IReadOnlyList<(TKey Key, Verdict<TCall, TAnswer> Verdict)> CheckPerKey<TKey, TState, TCall, TAnswer>(
        ISequentialModel<TState, TCall, TAnswer> model, IEnumerable<(TKey Key, Operation<TCall, TAnswer> Operation)> history, int mostPlaces = 1_000_000)
        where TState : struct, IEquatable<TState> =>
        [.. history.GroupBy(entry => entry.Key, entry => entry.Operation).Select(group => (group.Key, Check(model, [.. group], mostPlaces)))];

    private static IReadOnlyList<TState> Choices<TState, TCall, TAnswer>(
        ISequentialModel<TState, TCall, TAnswer> model, TState state, Operation<TCall, TAnswer> operation)
        where TState : struct, IEquatable<TState> =>
        operation.Answer is not { } answer ? [.. model.AfterUnseen(state, operation.Call)]
        : model.After(state, operation.Call, answer.Value) is { } next ? [next]
        : [];
}
