using System.Collections.Frozen;
using System.Collections.Immutable;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>Everything a request reads, of one moment: the numbers in one part (place ids, region indexes) mean what they mean in the others. Immutable.</summary>
internal sealed class EdgeSnapshot
{
    private readonly FrozenDictionary<string, EdgeRoute> routes;
    private readonly SteeringWorld? answerWorld;
    private readonly VantageView? view;

    /// <summary>Puts together what belongs together.</summary>
    public EdgeSnapshot(EdgeConfiguration configuration, SteeringWorld world, PlaceTable places)
        : this(configuration, world, places, new TrustedProxies(configuration.Clients.TrustedProxies),
            configuration.Routes.ToFrozenDictionary(route => route.Route.RouteId, StringComparer.Ordinal))
    {
    }

    private EdgeSnapshot(EdgeConfiguration configuration, SteeringWorld world, PlaceTable places, TrustedProxies trusted, FrozenDictionary<string, EdgeRoute> routes, SteeringWorld? answerWorld = null, VantageView? view = null)
    {
        this.answerWorld = answerWorld;
        this.view = view;
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

    /// <summary>
    /// The same topology and rankings with the health that all vantage points see together: what DNS answers by. The proxy
    /// trusts its own eyes, because what counts there is whether this edge reaches a region; a client led by DNS goes there itself.
    /// Without peers it is <see cref="World"/>.
    /// </summary>
    public SteeringWorld AnswerWorld => answerWorld ?? World;

    /// <summary>The edges that the vantage points together no longer hear: no answer leads a client there. Empty without peers.</summary>
    public IReadOnlySet<string> LostEdges => view?.LostEdges ?? ImmutableSortedSet<string>.Empty;

    /// <summary>The edges whose reports are overdue: answers that name them are kept for a short time only.</summary>
    public IReadOnlySet<string> LateEdges => view?.LateEdges ?? ImmutableSortedSet<string>.Empty;

    /// <summary>Where clients are; its place ids are those of <see cref="World"/>.</summary>
    public PlaceTable Places { get; }

    /// <summary>Which peers may say who the client is.</summary>
    public TrustedProxies Trusted { get; }

    /// <summary>What was in use before the configuration of this one, for routes that YARP has not swapped yet; null at start.</summary>
    public EdgeSnapshot? Before { get; init; }

    /// <summary>The route <paramref name="id"/>, or null.</summary>
    public EdgeRoute? Route(string id) => routes.GetValueOrDefault(id);

    /// <summary>The same with newer health: what this edge sees, and what all vantage points see where there are others.</summary>
    public EdgeSnapshot With(HealthSnapshot health, VantageView? together = null) =>
        new(Configuration, World.With(health), Places, Trusted, routes, together is null ? null : World.With(together.Over(health)), together) { Before = Before };
}
