namespace Hanzo.Edge.Discovery;

/// <summary>What discovery says in the log.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(1, LogLevel.Information, "{Source} of {Region} now has endpoints {Endpoints}")]
    public static partial void Found(ILogger log, DnsSource source, string region, string endpoints);

    [LoggerMessage(2, LogLevel.Warning, "{Source} of {Region} has no good answer ({Problem}); {Count} endpoints found before serve on")]
    public static partial void ServesStale(ILogger log, DnsSource source, string region, string problem, int count);

    [LoggerMessage(3, LogLevel.Error, "{Source} of {Region} has had no good answer for too long ({Problem}); its endpoints are gone")]
    public static partial void Emptied(ILogger log, DnsSource source, string region, string problem);

    [LoggerMessage(4, LogLevel.Error, "Looking up {Source} of {Region} failed by a defect here; it goes on")]
    public static partial void LookupFailed(ILogger log, Exception cause, DnsSource source, string region);
}
