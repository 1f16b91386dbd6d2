using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health;

/// <summary>What health says in the log.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(1, LogLevel.Information, "Endpoint {Endpoint} of {Region} went from {Before} to {After}: {Detail}")]
    public static partial void EndpointChanged(ILogger log, string region, string endpoint, HealthState before, HealthState after, string detail);

    [LoggerMessage(2, LogLevel.Warning, "Region {Region} went from {Before} to {After}")]
    public static partial void RegionChanged(ILogger log, string region, HealthState before, HealthState after);

    [LoggerMessage(3, LogLevel.Error, "The probe of {Endpoint} of {Region} failed by a defect here; probing goes on")]
    public static partial void ProbeLoopFailed(ILogger log, Exception cause, string region, string endpoint);

    [LoggerMessage(4, LogLevel.Error, "A receiver of health snapshot {Version} failed; publication goes on")]
    public static partial void ReceiverFailed(ILogger log, Exception cause, long version);

    [LoggerMessage(5, LogLevel.Warning, "Endpoint {Endpoint} of {Region} is ejected for {Seconds:0.###} s: its last request ended with {Outcome}, and too many before it failed")]
    public static partial void EndpointEjected(ILogger log, string region, string endpoint, double seconds, RequestOutcome outcome);

    [LoggerMessage(6, LogLevel.Information, "The ejection of endpoint {Endpoint} of {Region} is over; probes decide again")]
    public static partial void EjectionOver(ILogger log, string region, string endpoint);
}
