using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>The plain requests under way at one endpoint. YARP counts those it carries itself.</summary>
internal sealed class EndpointLoad
{
    private int underWay;

    /// <summary>How many there are.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>One begins.</summary>
    public void Enter() => Interlocked.Increment(ref underWay);

    /// <summary>One has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref underWay);
}

/// <summary>The loads of a route's endpoints. They live as long as YARP's destinations do, and so longer than a plan.</summary>
internal sealed class EndpointLoads
{
    private readonly ConditionalWeakTable<DestinationState, EndpointLoad> loads = [];

    /// <summary>The load of <paramref name="endpoint"/>.</summary>
    public EndpointLoad Of(DestinationState endpoint) => loads.GetOrCreateValue(endpoint);

    /// <summary>Requests under way at <paramref name="endpoint"/>, whoever carries them.</summary>
    public int UnderWay(DestinationState endpoint) => endpoint.ConcurrentRequestCount + Of(endpoint).UnderWay;
}
