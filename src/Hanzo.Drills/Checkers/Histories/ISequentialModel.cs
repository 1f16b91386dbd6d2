namespace Hanzo.Drills.Checkers.Histories;

/// <summary>What one object does when one operation follows another: the meaning that concurrent histories are held against.</summary>
/// <typeparam name="TState">A value with equality and hash code by content.</typeparam>
internal interface ISequentialModel<TState, TCall, TAnswer>
    where TState : struct, IEquatable<TState>
{
    TState Initial { get; }

    /// <summary>The state after a call that answered so; null when it cannot answer so in this state.</summary>
    TState? After(TState state, TCall call, TAnswer answer);

    /// <summary>Every state that a call can leave whose answer nobody saw.</summary>
    IEnumerable<TState> AfterUnseen(TState state, TCall call);
}
