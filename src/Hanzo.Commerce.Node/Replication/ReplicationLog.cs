namespace Hanzo.Commerce.Node.Replication;

internal static partial class ReplicationLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Following {peer}")]
    public static partial void LinkUp(this ILogger log, string peer);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Not following {peer}: {reason}; again in {pause}")]
    public static partial void LinkBroken(this ILogger log, string peer, string reason, TimeSpan pause);

    [LoggerMessage(EventId = 402, Level = LogLevel.Information, Message = "{peer} no longer has the log this node needs: taking a snapshot")]
    public static partial void SnapshotBegins(this ILogger log, string peer);

    [LoggerMessage(EventId = 403, Level = LogLevel.Information, Message = "Took the snapshot of {peer} in {duration}")]
    public static partial void SnapshotTaken(this ILogger log, string peer, TimeSpan duration);

    [LoggerMessage(EventId = 404, Level = LogLevel.Error, Message = "Repaired {rows} rows of key range {range} from {peer}: they should have been here already")]
    public static partial void Repaired(this ILogger log, int rows, int range, string peer);

    [LoggerMessage(EventId = 405, Level = LogLevel.Information, Message = "Could not compare state with {peer}: {reason}")]
    public static partial void NotCompared(this ILogger log, string peer, string reason);

    [LoggerMessage(EventId = 406, Level = LogLevel.Error, Message = "A background task of replication failed and goes on")]
    public static partial void TaskFailed(this ILogger log, Exception fault);
}
