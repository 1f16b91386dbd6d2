using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>Where a request is tried next.</summary>
/// <param name="Endpoint">The endpoint to ask.</param>
/// <param name="Region">Its region's index.</param>
/// <param name="NeedsLeave">Whether the attempt before may have reached an endpoint, so that this one is a repetition and adds load.</param>
internal readonly record struct NextAttempt(DestinationState Endpoint, int Region, bool NeedsLeave);
