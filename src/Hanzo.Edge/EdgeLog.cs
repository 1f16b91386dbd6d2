namespace Hanzo.Edge;

/// <summary>What the program says of its own life.</summary>
internal static partial class EdgeLog
{
    [LoggerMessage(1, LogLevel.Information, "Edge {Edge} {ProductVersion} serves {Addresses} and {Admin} for admin, by configuration {Configuration}")]
    public static partial void Started(ILogger log, string edge, string productVersion, string addresses, string admin, string configuration);

    [LoggerMessage(2, LogLevel.Information, "Stopping: not ready any more, new requests are taken for {Announce}, then those under way have {Timeout} to finish")]
    public static partial void Draining(ILogger log, TimeSpan announce, TimeSpan timeout);

    [LoggerMessage(3, LogLevel.Information, "Stopped after {Elapsed}")]
    public static partial void Stopped(ILogger log, TimeSpan elapsed);

    [LoggerMessage(4, LogLevel.Error, "DNS answers could not be prepared for a new state; the ones before stay")]
    public static partial void DnsNotPrepared(ILogger log, Exception problem);

    [LoggerMessage(5, LogLevel.Warning, "DNS answers followed a new state after {Took} ms; budgets reckon with {Reckoned} ms")]
    public static partial void PublishedLate(ILogger log, double took, double reckoned);
}
