namespace Hanzo.Commerce.Node.Consensus;

internal static partial class ConsensusLog
{
    [LoggerMessage(EventId = 420, Level = LogLevel.Information, Message = "{founder} is a founder of the cluster")]
    public static partial void Founded(this ILogger log, string founder);

    [LoggerMessage(EventId = 421, Level = LogLevel.Information, Message = "The cluster was founded without {id}: it waits to be taken in")]
    public static partial void Newcomer(this ILogger log, string id);

    [LoggerMessage(EventId = 422, Level = LogLevel.Information, Message = "Shard {shard} is led by {leader} in term {term}")]
    public static partial void Led(this ILogger log, int shard, string leader, long term);

    [LoggerMessage(EventId = 423, Level = LogLevel.Warning, Message = "Shard {shard} has no leader since term {term}")]
    public static partial void NotLed(this ILogger log, int shard, long term);

    [LoggerMessage(EventId = 424, Level = LogLevel.Error, Message = "Shard {shard} takes no commands: {why}")]
    public static partial void NoRoom(this ILogger log, int shard, string why);

    [LoggerMessage(EventId = 425, Level = LogLevel.Critical, Message = "Shard {shard} cannot go on; the node ends and reads its disk again at the next start")]
    public static partial void Failed(this ILogger log, Exception fault, int shard);

    [LoggerMessage(EventId = 426, Level = LogLevel.Information, Message = "Shard {shard} began again at entry {index}, by a snapshot of {from}")]
    public static partial void Installed(this ILogger log, int shard, long index, string from);

    [LoggerMessage(EventId = 427, Level = LogLevel.Information, Message = "A backup of the cluster {cluster} was sent: {bytes} octets")]
    public static partial void BackupMade(this ILogger log, string cluster, long bytes);

    [LoggerMessage(EventId = 428, Level = LogLevel.Critical, Message = "The shards cannot go on; the node ends and reads its disk again at the next start")]
    public static partial void FailedTogether(this ILogger log, Exception fault);
}
