using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Node.Serving;

internal static partial class NodeLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "{name} serves {region} on {address}")]
    public static partial void Serving(this ILogger log, string name, string region, string address);

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "{signal}: not ready any more, serving on for {announce}, then at most {timeout} for requests under way")]
    public static partial void Draining(this ILogger log, PosixSignal signal, TimeSpan announce, TimeSpan timeout);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "Second {signal}: stopping at once")]
    public static partial void Forced(this ILogger log, PosixSignal signal);

    [LoggerMessage(EventId = 103, Level = LogLevel.Information, Message = "Stopped")]
    public static partial void Stopped(this ILogger log);
}
