namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>Where a member keeps its entries, its term and its vote.</summary>
internal interface IRaftLog
{
    long Term { get; }

    /// <summary>Whom this member voted for in its term; null for nobody.</summary>
    string? Vote { get; }

    /// <summary>The last entry, or what the snapshot covers when there is none behind it.</summary>
    long LastIndex { get; }

    /// <summary>Up to here the entries outlast a power cut.</summary>
    long SyncedIndex { get; }

    /// <summary>The first entry that is still kept.</summary>
    long FirstIndex { get; }

    /// <summary>What the newest snapshot covers.</summary>
    long SnapshotIndex { get; }

    /// <summary>Who the members were where the newest snapshot was taken.</summary>
    Membership SnapshotMembers { get; }

    /// <summary>What carries the newest snapshot to a member that needs it.</summary>
    object SnapshotContent { get; }

    /// <summary>The members by the last entry that names them, else by the snapshot, else the founders.</summary>
    Membership Members { get; }

    /// <summary>The term of an entry, of the snapshot's last one, or 0 for index 0; null when it is not known any more.</summary>
    long? TermAt(long index);

    /// <summary>Entries from <paramref name="from"/> on, at least one where there is one, then as many as fit.</summary>
    IReadOnlyList<LogEntry> Read(long from, int count, long bytes);

    /// <summary>Writes entries behind the last one. All or none.</summary>
    /// <exception cref="NoRoomException">The disk has no room for them; the log is as it was.</exception>
    void Append(IReadOnlyList<LogEntry> entries);

    /// <summary>Removes the entries from <paramref name="index"/> on.</summary>
    void Truncate(long index);

    /// <summary>Keeps term and vote, on disk when this returns.</summary>
    void SetTerm(long term, string? vote);
}

/// <summary>The disk is full; nothing was written, and nothing else is wrong.</summary>
internal sealed class NoRoomException(Exception why) : IOException($"The disk has no room: {why.Message}", why);
