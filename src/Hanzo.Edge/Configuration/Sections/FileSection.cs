using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Routes;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Configuration.Yaml;
using Hanzo.Edge.Discovery;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

using RegionEntry = Entry<RegionFile>;

/// <summary>The whole file as it was read, before its parts were compared.</summary>
internal sealed record EdgeFile
{
    public required (string Name, GeoPoint? Location, DrainOptions Drain) Edge { get; init; }

    /// <summary>Empty for everything that the file describes.</summary>
    public required ImmutableArray<EdgeRole> Roles { get; init; }

    public required Position RolesAt { get; init; }

    public required ImmutableArray<Located<ListenOptions>> Listen { get; init; }

    /// <summary>Whether this process does <paramref name="role"/>, as far as the file describes it.</summary>
    public bool Plays(EdgeRole role) => Roles.IsEmpty || Roles.Contains(role);

    public required IPEndPoint Admin { get; init; }

    public required Position AdminAt { get; init; }

    public required ClientOptions Clients { get; init; }

    public required (GeoOptions Options, Place DefaultPlace) Geo { get; init; }

    public required ImmutableArray<RegionEntry> Regions { get; init; }

    public required SteeringRules Steering { get; init; }

    public required HealthFile Health { get; init; }

    public required DiscoveryOptions Discovery { get; init; }

    public required PeerOptions? Peers { get; init; }

    public required FailoverBounds Failover { get; init; }

    public required ImmutableArray<Entry<EdgeRoute>> Routes { get; init; }

    public required DnsFile? Dns { get; init; }
}

/// <summary>The keys of the whole file.</summary>
internal static class FileSection
{
    private static readonly Section DrainKeys = new();
    private static readonly Key<TimeSpan> DrainAnnounce = DrainKeys.Optional("announce", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), DrainOptions.Default.Announce, "How long after SIGTERM the edge goes on taking new requests while its readiness and DNS answers no longer lead to it. Clients keep an answer for a TTL, so where DNS leads to edges that is the least.");
    private static readonly Key<TimeSpan> DrainTimeout = DrainKeys.Optional("timeout", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), DrainOptions.Default.Timeout, "How long requests under way may take to finish after that.");

    private static readonly Section EdgeKeys = new();
    private static readonly Key<string> Name = EdgeKeys.Required("name", Scalars.Text("a name", (scalar, _) => scalar.Text.Length <= 63 && scalar.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? scalar.Text : ("is not a name for an edge", "1 to 63 letters, digits, '.', '_' and '-'"), "^[A-Za-z0-9._-]{1,63}$"), "Name of this edge, in Proxy-Status (RFC 9209) and metrics.");
    private static readonly Key<GeoPoint?> Location = EdgeKeys.OptionalValue("location", LocationShape.Point, "Where this edge stands; with it, latency that it measures ranks regions for clients near it.");
    private static readonly Key<DrainOptions> Drain = EdgeKeys.Optional("drain", DrainKeys.Builds(values => new DrainOptions(values.Get(DrainAnnounce), values.Get(DrainTimeout))), DrainOptions.Default, "How the edge stops.");

    private static readonly Section ClientKeys = new();
    private static readonly Key<ImmutableArray<Located<IPNetwork>>> TrustedProxies = ClientKeys.Optional("trustedProxies", new ListShape<IPNetwork>(NetworkScalars.Cidr), [], "Peers whose Forwarded, X-Forwarded-For and PROXY protocol headers are believed; everyone else's are dropped.");

    private static readonly Section Keys = new();
    private static readonly Key<int> Version = Keys.Required("version", Scalars.Integer(1, 1), "Version of this format.");
    private static readonly Key<(string Name, GeoPoint? Location, DrainOptions Drain)> Edge = Keys.Required("edge", EdgeKeys.Builds(values => (values.Get(Name), values.Get(Location), values.Get(Drain))), "This edge.");
    private static readonly Key<ImmutableArray<Located<EdgeRole>>> Roles = Keys.Optional("roles", new ListShape<EdgeRole>(Scalars.Choice(("proxy", EdgeRole.Proxy), ("dns", EdgeRole.Dns)), atLeast: 1), [], "What this process does of what the file describes: all of it where nothing is named. With `[dns]` alone `listen` and `routes` may be left out. Read at start: a change needs a restart.");
    private static readonly Key<ImmutableArray<Located<ListenOptions>>> Listen = Keys.Required("listen", new ListShape<ListenOptions>(ListenSection.Shape, atLeast: 1), [], IsDnsOnly, "Where clients connect. Read at start: a change needs a restart.");
    private static readonly Key<IPEndPoint> Admin = Keys.Optional("admin", ListenSection.Admin, new IPEndPoint(IPAddress.Loopback, 8081), "Where operators connect; 127.0.0.1:8081 where it is not given. Read at start: a change needs a restart.");
    private static readonly Key<ClientOptions> Clients = Keys.Optional("clients", ClientKeys.Builds(values => new ClientOptions { TrustedProxies = [.. values.Get(TrustedProxies).Select(proxy => proxy.Value)] }), new ClientOptions(), "How a client's address is found.");
    private static readonly Key<(GeoOptions Options, Place DefaultPlace)> Geo = Keys.Required("geo", GeoSection.Shape, "The location database.");
    private static readonly Key<ImmutableArray<RegionEntry>> Regions = Keys.Required("regions", new MapShape<RegionFile>(Names.Given, RegionSection.Shape, atLeast: 1, atMost: Topology.MaxRegions), "Where requests go.");
    private static readonly Key<SteeringRules> Steering = Keys.Optional("steering", SteeringSection.Shape, SteeringSection.Default, "How regions are ranked and left out. Without it the nearest healthy region is taken.");
    private static readonly Key<HealthFile> Health = Keys.Optional("health", HealthSection.Shape, HealthSection.Default, "How the health of endpoints is found out.");
    private static readonly Key<DiscoveryOptions> Discovery = Keys.Optional("discovery", DiscoverySection.Shape, new DiscoveryOptions(), "How endpoints that have a `dns` name are found.");
    private static readonly Key<PeerOptions?> Peers = Keys.Optional("peers", PeerSection.Shape, "The other edges: a region leaves DNS only when most of them see it down. Without it this edge decides alone. Read at start: a change needs a restart.");
    private static readonly Key<FailoverBounds> Failover = Keys.Optional("failover", FailoverSection.Shape, FailoverBounds.None, "How long a failover may take at worst, and what repeating requests may cost. A file that breaks its own promise is refused; `hanzo-edge check` shows the arithmetic.");
    private static readonly Key<ImmutableArray<Entry<EdgeRoute>>> Routes = Keys.Required("routes", new MapShape<EdgeRoute>(Names.Route, RouteSection.Shape, atLeast: 1), [], IsDnsOnly, "Which requests are taken, and what they need.");

    private static readonly Key<DnsFile?> Dns = Keys.Optional("dns", DnsSection.Shape, "An authoritative DNS server that answers with the nearest healthy region. Without it there is none.");

    private static bool IsDnsOnly(YamlMapping file) =>
        file.Entries.FirstOrDefault(entry => entry.Key == "roles")?.Value is YamlSequence { Items.Length: > 0 } roles && roles.Items.All(role => role is YamlScalar { Text: "dns" });

    /// <summary>The whole file.</summary>
    public static Shape<EdgeFile> Shape { get; } = Keys.Builds(values => new EdgeFile
    {
        Edge = values.Get(Edge),
        Roles = [.. values.Get(Roles).Select(role => role.Value)],
        RolesAt = values.AtKey(Roles),
        Listen = values.Get(Listen),
        Admin = values.Get(Admin),
        AdminAt = values.AtKey(Admin),
        Clients = values.Get(Clients),
        Geo = values.Get(Geo),
        Regions = values.Get(Regions),
        Steering = values.Get(Steering),
        Health = values.Get(Health),
        Discovery = values.Get(Discovery),
        Peers = values.Get(Peers),
        Failover = values.Get(Failover),
        Routes = values.Get(Routes),
        Dns = values.Get(Dns),
    });
}
