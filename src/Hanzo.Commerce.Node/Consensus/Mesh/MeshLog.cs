namespace Hanzo.Commerce.Node.Consensus.Mesh;

internal static partial class MeshLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Connected to {peer}: {id}")]
    public static partial void Connected(this ILogger log, string peer, string id);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "The connection to {peer} ended")]
    public static partial void Disconnected(this ILogger log, string peer);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "No connection to {peer}: {why}")]
    public static partial void NotConnected(this ILogger log, string peer, string why);

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "A connection from {remote} is refused: {why}")]
    public static partial void Refused(this ILogger log, string remote, string why);

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "A snapshot of shard {shard} could not be brought to {peer}: {why}")]
    public static partial void SnapshotNotSent(this ILogger log, int shard, string peer, string why);

    [LoggerMessage(EventId = 405, Level = LogLevel.Debug, Message = "Calls to {peer} broke: {why}")]
    public static partial void CallsBroke(this ILogger log, string peer, string why);
}
