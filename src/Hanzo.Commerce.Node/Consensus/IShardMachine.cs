namespace Hanzo.Commerce.Node.Consensus;

/// <summary>One shard's deterministic state: the same entries in the same order give the same answers and the same state on every replica.</summary>
internal interface IShardMachine
{
    /// <summary>Applies a command and returns its answer. Called for one command at a time.</summary>
    /// <param name="at">The leader's stamp inside the entry.</param>
    /// <param name="isAnswerWanted">Whether anybody waits for the answer; where nobody does it may be empty.</param>
    ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at, bool isAnswerWanted);

    /// <summary>Answers a question from the state as it is. May be called while a command is applied.</summary>
    ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question);

    /// <summary>Holds the state of the moment of the call; what is returned writes it, while later commands are already applied.</summary>
    Action<Stream> Save();

    /// <summary>Replaces the state by one that was saved.</summary>
    void Load(Stream from);
}
