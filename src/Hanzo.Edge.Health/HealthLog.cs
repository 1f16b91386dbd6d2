using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health;

/// <summary>What health says in the log.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(1, LogLevel.Information, "Endpoint {Endpoint} of {Region} went from {Before} to {After}: {Detail}")]
    public static partial void EndpointChanged(ILogger log, string region, string endpoint, HealthState before, HealthState after, string detail);

    /// <summary>Warns of what needs somebody's eyes: a region that is not wholly up. One that is up is good news.</summary>
    public static void RegionChanged(ILogger log, string region, HealthState before, HealthState after) =>
        RegionChanged(log, after == HealthState.Up ? LogLevel.Information : LogLevel.Warning, region, before, after);

    [LoggerMessage(3, LogLevel.Error, "The probe of {Endpoint} of {Region} failed by a defect here; probing goes on")]
    public static partial void ProbeLoopFailed(ILogger log, Exception cause, string region, string endpoint);

    [LoggerMessage(4, LogLevel.Error, "A receiver of health snapshot {Version} failed; publication goes on")]
    public static partial void ReceiverFailed(ILogger log, Exception cause, long version);

    [LoggerMessage(5, LogLevel.Warning, "Endpoint {Endpoint} of {Region} is ejected for {Seconds:0.###} s: its last request ended with {Outcome}, and too many before it failed")]
    public static partial void EndpointEjected(ILogger log, string region, string endpoint, double seconds, RequestOutcome outcome);

    [LoggerMessage(6, LogLevel.Information, "The ejection of endpoint {Endpoint} of {Region} is over; probes decide again")]
    public static partial void EjectionOver(ILogger log, string region, string endpoint);

    [LoggerMessage(7, LogLevel.Warning, "{By} ordered {Kind} for regions {Regions}: {Reason}")]
    public static partial void OverrideOrdered(ILogger log, string regions, RegionOverride kind, string by, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The override {Kind} of region {Region} is over by its time; it was ordered because: {Reason}")]
    public static partial void OverrideEnded(ILogger log, string region, RegionOverride kind, string reason);

    [LoggerMessage(9, LogLevel.Error, "Overrides could not be written to their file")]
    public static partial void OverridesNotKept(ILogger log, Exception cause);

    [LoggerMessage(10, LogLevel.Error, "The file of overrides could not be read; none holds. The next order replaces the file")]
    public static partial void OverridesNotLoaded(ILogger log, Exception cause);

    [LoggerMessage(11, LogLevel.Information, "Failover from endpoint {Endpoint} of {Region}: {Milliseconds:0} ms from the first failure seen until {Until}")]
    public static partial void FailedOver(ILogger log, string endpoint, string region, string until, double milliseconds);

    [LoggerMessage(12, LogLevel.Warning, "Failover from endpoint {Endpoint} of {Region} broke its bound: {Milliseconds:0} ms from the first failure seen until {Until}, {BoundMilliseconds:0} ms are promised")]
    public static partial void FailedOverLate(ILogger log, string endpoint, string region, string until, double milliseconds, double boundMilliseconds);

    [LoggerMessage(13, LogLevel.Warning, "Endpoint {Endpoint} of {Region} is {Verdict} by its latency: p99 {P99:0} ms, before {Past:0} ms")]
    public static partial void EndpointDegraded(ILogger log, string region, string endpoint, string verdict, double p99, double past);

    [LoggerMessage(EventId = 2, Message = "Region {Region} went from {Before} to {After}")]
    private static partial void RegionChanged(ILogger log, LogLevel level, string region, HealthState before, HealthState after);
}
