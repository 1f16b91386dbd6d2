namespace Hanzo.Commerce.Node.Consensus;

/// <summary>The shards of the replicated state, as any node reaches them: whoever leads is found behind this.</summary>
internal interface IShards
{
    /// <summary>How many there are, numbered from 0. Fixed for the life of the data.</summary>
    int Count { get; }

    /// <summary>The shard that a key lies in, the same on every node and for ever.</summary>
    int Of(ReadOnlySpan<char> key) => ShardKey.ShardOf(key, Count);

    /// <summary>Whether this node leads a shard as far as it knows; never a promise.</summary>
    bool Leads(int shard);

    /// <summary>Puts a command into a shard's log and answers when it is applied there.</summary>
    ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation);

    ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation);

    /// <summary>What this node has of a shard, at once, however old.</summary>
    IShardMachine MachineOf(int shard);
}

/// <summary>How fresh a reading has to be.</summary>
internal enum Consistency
{
    /// <summary>Everything that was acknowledged before the question was asked is seen.</summary>
    Linearizable,

    /// <summary>What this node has, at once, however old.</summary>
    Local,
}

/// <summary>What became of a command.</summary>
internal abstract record SubmitOutcome
{
    public sealed record Applied(ReadOnlyMemory<byte> Answer) : SubmitOutcome;

    /// <summary>It is certainly not applied and never will be.</summary>
    /// <param name="IsDiskFull">The leader's disk has no room for it; else nobody could take it in time.</param>
    public sealed record NotApplied(TimeSpan RetryAfter, bool IsDiskFull = false) : SubmitOutcome;

    /// <summary>It may be applied, now or later.</summary>
    public sealed record Unknown(TimeSpan RetryAfter) : SubmitOutcome;
}

/// <summary>What became of a question.</summary>
internal abstract record ReadOutcome
{
    /// <param name="Staleness">How old the state may be; zero for a linearizable reading.</param>
    public sealed record Answered(ReadOnlyMemory<byte> Answer, TimeSpan Staleness) : ReadOutcome;

    public sealed record Unavailable(TimeSpan RetryAfter) : ReadOutcome;
}
