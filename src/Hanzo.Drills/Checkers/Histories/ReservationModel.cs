namespace Hanzo.Drills.Checkers.Histories;

/// <summary>A call to one reservation that was made.</summary>
internal enum ReservationCall
{
    Read,
    Commit,
    Release,
}

/// <summary>Where a reservation stands.</summary>
internal enum ReservationState
{
    Held,
    Committed,
    Released,
}

/// <summary>A reservation's answer: whether it was done, and where it stands after it where the answer tells.</summary>
internal readonly record struct ReservationAnswer(bool Done, ReservationState? State = null);

/// <summary>A reservation is held when it is made, and committed or released once: never both, never twice.</summary>
internal sealed class ReservationModel : ISequentialModel<ReservationModel.State, ReservationCall, ReservationAnswer>
{
    /// <summary>The state as a value that is compared by content.</summary>
    internal readonly record struct State(ReservationState Is);

    public State Initial => new(ReservationState.Held);

    public State? After(State state, ReservationCall call, ReservationAnswer answer)
    {
        var next = Apply(state, call);
        return answer.Done == next is not null && (answer.State is not { } seen || seen == (next ?? state).Is) ? next ?? state : null;
    }

    public IEnumerable<State> AfterUnseen(State state, ReservationCall call) => Apply(state, call) is { } next && next != state ? [next] : [];

    private static State? Apply(State state, ReservationCall call) => (call, state.Is) switch
    {
        (ReservationCall.Read, _) => state,
        (ReservationCall.Commit, ReservationState.Held) => new(ReservationState.Committed),
        (ReservationCall.Release, ReservationState.Held) => new(ReservationState.Released),
        _ => null,
    };
}
