namespace Hanzo.Drills.Checkers.Histories;

/// <summary>A call to a register.</summary>
internal abstract record RegisterCall
{
    public sealed record Read : RegisterCall;

    public sealed record Write(long Value) : RegisterCall;

    public sealed record CompareAndSet(long Expected, long Value) : RegisterCall;
}

/// <summary>A register's answer: whether it was done, and for a read the value.</summary>
internal readonly record struct RegisterAnswer(bool Done, long Value = 0);

/// <summary>One value that is written, read, and replaced when it is what the caller expects. It begins as <paramref name="first"/>.</summary>
internal sealed class RegisterModel(long first = 0) : ISequentialModel<long, RegisterCall, RegisterAnswer>
{
    public long Initial => first;

    public long? After(long state, RegisterCall call, RegisterAnswer answer) => call switch
    {
        RegisterCall.Read => answer.Done && answer.Value == state ? state : null,
        RegisterCall.Write write => answer.Done ? write.Value : null,
        RegisterCall.CompareAndSet swap when swap.Expected == state => answer.Done ? swap.Value : null,
        _ => answer.Done ? null : state,
    };

    public IEnumerable<long> AfterUnseen(long state, RegisterCall call) => call switch
    {
        RegisterCall.Write write => [write.Value],
        RegisterCall.CompareAndSet swap when swap.Expected == state => [swap.Value],
        _ => [],
    };
}
