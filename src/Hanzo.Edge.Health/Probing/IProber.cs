using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Asks one endpoint once.</summary>
internal interface IProber
{
    /// <summary>Says what it found; a failure of the endpoint is an outcome, an exception is a defect.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked for it: the probe's time is over, or probing stops.</exception>
    Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation);
}
