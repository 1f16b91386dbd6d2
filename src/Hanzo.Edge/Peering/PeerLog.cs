namespace Hanzo.Edge.Peering;

/// <summary>What peering says in the log.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(1, LogLevel.Warning, "Edge {Edge} cannot be told what is seen here: {Problem}")]
    public static partial void NotReached(ILogger log, string edge, string problem);

    [LoggerMessage(2, LogLevel.Information, "Edge {Edge} is told again what is seen here")]
    public static partial void Reached(ILogger log, string edge);

    [LoggerMessage(3, LogLevel.Error, "Telling the other edges failed by a defect here; it goes on")]
    public static partial void Failed(ILogger log, Exception cause);

    [LoggerMessage(4, LogLevel.Warning, "The vantage points together: {Voters} count, withdrawn {Withdrawn}, edges lost {Lost}")]
    public static partial void ViewChanged(ILogger log, string voters, string withdrawn, string lost);
}
