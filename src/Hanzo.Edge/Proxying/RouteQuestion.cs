using Hanzo.Edge.Configuration;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying;

/// <summary>What a request on a route asks of steering: the same whether it is forwarded or only explained.</summary>
internal static class RouteQuestion
{
    /// <summary>The question of <paramref name="client"/>, who is at <paramref name="place"/> and in <paramref name="network"/> (or -1).</summary>
    public static SteeringQuestion Of(EdgeRoute route, ulong notRouted, ClientKey client, int place, int network) => new()
    {
        Place = place,
        Network = network,
        State = route.State,
        NotRouted = notRouted,
        WhenNoneHealthy = route.WhenNoneHealthy,
        // One client stays in one region of a tie band, so that its session stays there too.
        Affinity = Spread.Mix((ulong)client.Value ^ (ulong)(client.Value >> 64)),
    };
}
