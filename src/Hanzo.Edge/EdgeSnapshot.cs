using System.Collections.Frozen;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>Everything a request reads, of one moment: the numbers in one part (place ids, region indexes) mean what they mean in the others. Immutable.</summary>
internal sealed class EdgeSnapshot(EdgeConfiguration configuration, SteeringWorld world, PlaceTable places)
{
    private readonly FrozenDictionary<string, EdgeRoute> routes =
        configuration.Routes.ToFrozenDictionary(route => route.Route.RouteId, StringComparer.Ordinal);

    /// <summary>The configuration applied last.</summary>
    public EdgeConfiguration Configuration { get; } = configuration;

    /// <summary>Topology, rankings and health.</summary>
    public SteeringWorld World { get; } = world;

    /// <summary>Where clients are; its place ids are those of <see cref="World"/>.</summary>
    public PlaceTable Places { get; } = places;

    /// <summary>The route <paramref name="id"/>, or null.</summary>
    public EdgeRoute? Route(string id) => routes.GetValueOrDefault(id);
}
