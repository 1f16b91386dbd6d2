using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "State in {directory}, written as {origin}")]
    public static partial void Opened(this ILogger log, string directory, ReplicaId origin);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The store could not commit {count} changes; their callers are told so")]
    public static partial void CommitFailed(this ILogger log, Exception failure, int count);

    [LoggerMessage(EventId = 302, Level = LogLevel.Debug, Message = "No transaction was left to roll back ({code})")]
    public static partial void RolledBackAlready(this ILogger log, int code);

    [LoggerMessage(EventId = 303, Level = LogLevel.Error, Message = "Key range {range} on disk is not what was written there: the disk is damaged, or another program wrote to the file")]
    public static partial void RangeDamaged(this ILogger log, int range);

    [LoggerMessage(EventId = 304, Level = LogLevel.Critical, Message = "The disk did not take what was synced; the store takes no more changes until the node is started again")]
    public static partial void SyncFailed(this ILogger log, Exception failure);

    [LoggerMessage(EventId = 305, Level = LogLevel.Error, Message = "The log of the database could not be copied into it; it grows until that succeeds")]
    public static partial void NotCopied(this ILogger log, Exception failure);
}
