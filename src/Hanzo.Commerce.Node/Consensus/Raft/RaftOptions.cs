namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>The times and sizes by which a member acts.</summary>
internal sealed record RaftOptions
{
    /// <summary>
    /// How long a follower bears silence before it stands for election: from this to twice this. A leader that hears of no
    /// majority for this long stops to lead. 100 ms to 1 min, well above the largest round trip; default 1 s.
    /// </summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a leader says that it leads. A fifth of the election timeout or less; default 150 ms.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long at most a follower waits once the leader's connection broke. Default 300 ms.</summary>
    public TimeSpan AfterLostConnection { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Entries in one message. 1 to 65,536; default 4,096.</summary>
    public int BatchEntries { get; init; } = 4_096;

    /// <summary>Bytes of entries in one message, unless one entry is larger. Default 256 KiB.</summary>
    public long BatchBytes { get; init; } = 256 << 10;

    /// <summary>Entries that may be on their way to a follower, unanswered. Default 32,768.</summary>
    public int Pipeline { get; init; } = 32_768;

    /// <summary>A learner this many entries behind or less becomes a voter. Default 64.</summary>
    public long CaughtUp { get; init; } = 64;

    /// <summary>How often a leader that another should be looks whether it can hand over. Default 2 s.</summary>
    public TimeSpan HandOverInterval { get; init; } = TimeSpan.FromSeconds(2);
}
