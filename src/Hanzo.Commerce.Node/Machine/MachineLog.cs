namespace Hanzo.Commerce.Node.Machine;

internal static partial class MachineLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "What waits in shard {shard} could not all be done; it is tried again")]
    public static partial void RoundFailed(this ILogger log, Exception fault, int shard);
}
