using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>The second endpoint of a hedged request.</summary>
/// <param name="After">How long the first may take before it is asked.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Region">Its region's index.</param>
internal sealed record Hedge(TimeSpan After, DestinationState Endpoint, int Region)
{
    /// <summary>When it was asked, as a timestamp; 0 while it was not.</summary>
    public long Sent { get; set; }
}
