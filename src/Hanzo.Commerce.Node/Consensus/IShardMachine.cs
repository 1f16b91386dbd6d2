namespace Hanzo.Commerce.Node.Consensus;

/// <summary>One shard's deterministic state: the same entries in the same order give the same answers and the same state on every replica.</summary>
internal interface IShardMachine
{
    /// <summary>Applies a command and returns its answer. Called for one command at a time.</summary>
    /// <param name="at">The leader's stamp inside the entry.</param>
    ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at);

    /// <summary>Answers a question from the state as it is. May be called while a command is applied.</summary>
    ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question);

    /// <summary>Writes the state of the moment of the call. Later commands may be applied meanwhile.</summary>
    void Save(Stream to);

    /// <summary>Replaces the state by one that was saved.</summary>
    void Load(Stream from);
}
