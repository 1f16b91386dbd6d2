namespace Hanzo.Drills.Checkers.Histories;

/// <summary>What an idempotency key was answered: the answer as a digest, equal only where the answers are.</summary>
internal readonly record struct KeyAnswer(string Digest);

/// <summary>One idempotency key, always sent with the same request: whoever sends it gets the first answer, wherever and however often.</summary>
internal sealed class KeyModel : ISequentialModel<KeyModel.State, KeyModel.Request, KeyAnswer>
{
    /// <summary>The answer that the key has, or null before any.</summary>
    internal readonly record struct State(string? Digest);

    /// <summary>The request that the key names.</summary>
    internal sealed record Request;

    public State Initial => default;

    public State? After(State state, Request call, KeyAnswer answer) =>
        state.Digest is null || state.Digest == answer.Digest ? new State(answer.Digest) : null;

    /// <summary>None: an answer that nobody saw shows in the next one, which then is the first.</summary>
    public IEnumerable<State> AfterUnseen(State state, Request call) => [];
}
