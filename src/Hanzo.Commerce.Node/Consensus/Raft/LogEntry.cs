namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>One entry of a replicated log.</summary>
/// <param name="Index">Its place, from 1.</param>
/// <param name="Term">The term of the leader that wrote it.</param>
/// <param name="Stamp">The leader's time in UTC ticks; it never goes back within a log.</param>
/// <param name="Content">A command, or an encoded <see cref="Membership"/>.</param>
internal readonly record struct LogEntry(long Index, long Term, EntryKind Kind, long Stamp, ReadOnlyMemory<byte> Content);

/// <summary>What an entry is. The numbers are part of the log's format.</summary>
internal enum EntryKind : byte
{
    /// <summary>A new leader's first entry: nothing of earlier terms counts as committed before it is.</summary>
    TermStart = 0,

    Command = 1,

    /// <summary>The members from here on.</summary>
    Members = 2,
}
