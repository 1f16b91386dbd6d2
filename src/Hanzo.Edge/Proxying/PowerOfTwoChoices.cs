using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Power of two choices over the weighted endpoints of the chosen region.</summary>
internal sealed class PowerOfTwoChoices(Spread spread) : ILoadBalancingPolicy
{
    /// <summary>The name clusters ask for it by.</summary>
    public const string PolicyName = "WeightedPowerOfTwoChoices";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        availableDestinations is RegionDestinations region
            ? region.Pick(spread.Next())
            : availableDestinations[(int)(spread.Next() % (ulong)availableDestinations.Count)];
}
