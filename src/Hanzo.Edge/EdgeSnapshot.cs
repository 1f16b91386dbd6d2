using System.Collections.Frozen;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>Everything a request reads, of one moment: the numbers in one part (place ids, region indexes) mean what they mean in the others. Immutable.</summary>
internal sealed class EdgeSnapshot
{
    private readonly FrozenDictionary<string, EdgeRoute> routes;

    /// <summary>Puts together what belongs together.</summary>
    public EdgeSnapshot(EdgeConfiguration configuration, SteeringWorld world, PlaceTable places)
        : this(configuration, world, places, new TrustedProxies(configuration.Clients.TrustedProxies),
            configuration.Routes.ToFrozenDictionary(route => route.Route.RouteId, StringComparer.Ordinal))
    {
    }

    private EdgeSnapshot(EdgeConfiguration configuration, SteeringWorld world, PlaceTable places, TrustedProxies trusted, FrozenDictionary<string, EdgeRoute> routes)
    {
        Configuration = configuration;
        World = world;
        Places = places;
        Trusted = trusted;
        this.routes = routes;
    }

    /// <summary>The configuration applied last.</summary>
    public EdgeConfiguration Configuration { get; }

    /// <summary>Topology, rankings and health.</summary>
    public SteeringWorld World { get; }

    /// <summary>Where clients are; its place ids are those of <see cref="World"/>.</summary>
    public PlaceTable Places { get; }

    /// <summary>Which peers may say who the client is.</summary>
    public TrustedProxies Trusted { get; }

    /// <summary>What was in use before the configuration of this one, for routes that YARP has not swapped yet; null at start.</summary>
    public EdgeSnapshot? Before { get; init; }

    /// <summary>The route <paramref name="id"/>, or null.</summary>
    public EdgeRoute? Route(string id) => routes.GetValueOrDefault(id);

    /// <summary>The same with newer health.</summary>
    public EdgeSnapshot With(HealthSnapshot health) => new(Configuration, World.With(health), Places, Trusted, routes) { Before = Before };
}
