using System.Net;
using Hanzo.Edge.Location.ProxyProtocol;

namespace Hanzo.Edge.Location;

internal static partial class LocationLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "The location database is now {type} of {built:yyyy-MM-dd}: {places} places, {ranges} ranges, {megabytes:F1} MB, compiled in {milliseconds:F0} ms ({file})")]
    public static partial void DatabaseServes(ILogger log, string type, DateTimeOffset built, int places, int ranges, double megabytes, double milliseconds, string file);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The new location database is refused, the one of {built:yyyy-MM-dd} stays: {fault}")]
    public static partial void DatabaseRefused(ILogger log, DateTimeOffset built, string fault);

    [LoggerMessage(EventId = 302, Level = LogLevel.Error, Message = "Watching the location database failed; trying again at the next look")]
    public static partial void WatchFailed(ILogger log, Exception defect);

    [LoggerMessage(EventId = 303, Level = LogLevel.Debug, Message = "Connection from {peer} closed, its PROXY protocol header: {reason}")]
    public static partial void ProxyHeaderRefused(ILogger log, EndPoint? peer, ProxyRefusal reason);
}
