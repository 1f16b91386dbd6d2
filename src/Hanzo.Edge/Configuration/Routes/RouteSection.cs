using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>One route.</summary>
internal static class RouteSection
{
    private static readonly ForwarderOptions UpstreamDefaults = new();

    /// <summary>The words for state classes.</summary>
    public static ScalarShape<StateClass> StateWord { get; } = Scalars.Choice(("read", StateClass.Read), ("local-write", StateClass.LocalWrite), ("consensus", StateClass.Consensus));

    private static readonly ListShape<string> RegionList = new(Names.Region, atLeast: 1);

    private static readonly Section UpstreamKeys = new();
    private static readonly Key<Version> UpstreamVersion = UpstreamKeys.Optional("version", Scalars.Choice(("1.1", HttpVersion.Version11), ("2", HttpVersion.Version20)), UpstreamDefaults.Version, "HTTP version spoken to endpoints; 2 on clear text is with prior knowledge. gRPC needs 2.");
    private static readonly Key<TimeSpan> ActivityTimeout = UpstreamKeys.Optional("activityTimeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)), UpstreamDefaults.ActivityTimeout, "Time without a byte in either direction after which an exchange ends.");
    private static readonly Key<TimeSpan> ConnectTimeout = UpstreamKeys.Optional("connectTimeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5)), UpstreamDefaults.ConnectTimeout, "Time to connect to an endpoint.");

    private static readonly Section Keys = new();
    private static readonly Key<RouteMatch> Match = Keys.Required("match", MatchSection.Shape, "Which requests the route takes.");
    private static readonly Key<int?> Order = Keys.OptionalValue("order", Scalars.Integer(int.MinValue, int.MaxValue), "Of several routes that match, the lowest order wins, then the more specific pattern; 0 where it is not given.");
    private static readonly Key<StateClass> State = Keys.Optional("state", StateWord, StateClass.Read, "The kind of state that a region must be able to serve.");
    private static readonly Key<ImmutableArray<Located<string>>> Only = Keys.Optional("only", RegionList, [], "The only regions that its requests may go to; without it, all.");
    private static readonly Key<ImmutableArray<Located<string>>> Never = Keys.Optional("never", RegionList, [], "Regions that its requests never go to; wins over `only`.");
    private static readonly Key<WhenNoneHealthy> NoneHealthy = Keys.Optional("whenNoneHealthy", Scalars.Choice(("nearest", WhenNoneHealthy.Nearest), ("refuse", WhenNoneHealthy.Refuse)), WhenNoneHealthy.Nearest, "When no region is healthy: try the nearest all the same, or answer 503.");
    private static readonly Key<TimeSpan?> Timeout = Keys.OptionalValue("timeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)), "Time for the whole exchange; without it there is no bound but the upstream's.");
    private static readonly Key<ImmutableArray<Located<IReadOnlyDictionary<string, string>>>> Transforms = Keys.Optional("transforms", new ListShape<IReadOnlyDictionary<string, string>>(new TransformShape(), atLeast: 1), [], "Changes to requests and responses, in YARP's words.");
    private static readonly Key<SessionAffinityConfig?> Affinity = Keys.Optional("affinity", AffinitySection.Shape, "Keeps a session at one endpoint of its region.");
    private static readonly Key<StickinessOptions?> Stickiness = Keys.Optional("stickiness", StickinessSection.Shape, "Keeps a client in one region.");
    private static readonly Key<bool> Prefer = Keys.Optional("prefer", Scalars.Choice(("nearest", false), ("leader", true)), false, "Which region goes first: the nearest, or the one that endpoints name in `Hanzo-Leader`, as long as it fits.");
    private static readonly Key<ForwarderOptions> Upstream = Keys.Optional("upstream", UpstreamKeys.Builds(BuildUpstream), UpstreamDefaults, "How requests are sent to endpoints.");
    private static readonly Key<AttemptOptions> Failover = Keys.Optional("failover", AttemptSection.Shape, AttemptSection.Default, "How its requests go on where an endpoint fails.");
    private static readonly Key<int?> MaxRequestBodySize = Keys.OptionalValue("maxRequestBodySize", Scalars.Integer(-1, int.MaxValue), "Bytes a request body may have; -1 for no bound, the server's 30,000,000 where it is not given.");
    private static readonly Key<ImmutableArray<Entry<string>>> Metadata = Keys.Optional("metadata", new MapShape<string>(Names.Free("name"), Scalars.AnyText("a value")), [], "Values for extensions of YARP that look for them.");

    /// <summary>The section, still without the route's name.</summary>
    public static Shape<EdgeRoute> Shape { get; } = Keys.Builds(values => new EdgeRoute
    {
        Route = new RouteConfig
        {
            Match = values.Get(Match),
            Order = values.Get(Order),
            Timeout = values.Get(Timeout),
            MaxRequestBodySize = values.Get(MaxRequestBodySize),
            Transforms = values.Get(Transforms) is { IsEmpty: false } transforms ? [.. transforms.Select(transform => transform.Value)] : null,
            Metadata = values.Get(Metadata) is { IsEmpty: false } metadata ? metadata.ToDictionary(entry => entry.Name, entry => entry.Value) : null,
        },
        State = values.Get(State),
        Regions = new RegionSet([.. values.Get(Only).Select(name => name.Value)], [.. values.Get(Never).Select(name => name.Value)]),
        WhenNoneHealthy = values.Get(NoneHealthy),
        Affinity = values.Get(Affinity),
        Stickiness = values.Get(Stickiness),
        PrefersLeader = values.Get(Prefer),
        Forwarder = values.Get(Upstream),
        Attempts = values.Get(Failover),
    });

    private static ForwarderOptions BuildUpstream(Values values) => new()
    {
        Version = values.Get(UpstreamVersion),
        ActivityTimeout = values.Get(ActivityTimeout),
        ConnectTimeout = values.Get(ConnectTimeout),
    };
}
