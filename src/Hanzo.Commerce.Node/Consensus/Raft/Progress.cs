namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>What a leader knows of another member.</summary>
internal sealed class Progress(long next, long now)
{
    /// <summary>Up to here its log is known to be the leader's, on its disk.</summary>
    public long Match { get; set; }

    /// <summary>What it is sent next; ahead of <see cref="Match"/> while messages are on their way.</summary>
    public long Next { get; set; } = next;

    public Pace Pace { get; set; } = Pace.Probing;

    /// <summary>Whether a probe is on its way.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The highest round that it told back.</summary>
    public long Round { get; set; }

    /// <summary>When it answered last, in milliseconds.</summary>
    public long HeardAt { get; set; } = now;

    public bool IsLeaving { get; set; }

    /// <summary>The snapshot on its way to it.</summary>
    public long SnapshotIndex { get; set; }

    public void Probe()
    {
        Pace = Pace.Probing;
        Next = Match + 1;
        IsWaiting = false;
    }
}

/// <summary>How a member is sent entries.</summary>
internal enum Pace
{
    /// <summary>One message at a time, until it is found where its log agrees.</summary>
    Probing,

    /// <summary>One behind the other, without waiting for answers.</summary>
    Streaming,

    /// <summary>It gets a snapshot: what it lacks is not in the log any more.</summary>
    Snapshot,
}
