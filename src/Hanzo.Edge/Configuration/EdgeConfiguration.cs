using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Discovery;
using Hanzo.Edge.Health;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Steering;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration;

/// <summary>One validated configuration file. Immutable; what a reload swaps whole.</summary>
internal sealed record EdgeConfiguration
{
    /// <summary>Which configuration this is.</summary>
    public ConfigurationVersion Version { get; init; } = ConfigurationVersion.None;

    /// <summary>Name of this edge: identifies it in Proxy-Status (RFC 9209 §2) and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Where this edge stands, or null. With it, measured region latency ranks clients near the edge.</summary>
    public GeoPoint? Location { get; init; }

    /// <summary>Where clients connect; none where this edge does not take requests. Read at start; a reload that changes it says that a restart is needed.</summary>
    public required ImmutableArray<ListenOptions> Listen { get; init; }

    /// <summary>The admin address: metrics, health, explain, status. Loopback unless the configuration says otherwise. Read at start.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>Which peers may say who the client is.</summary>
    public required ClientOptions Clients { get; init; }

    /// <summary>Where the location table comes from.</summary>
    public required GeoOptions Geo { get; init; }

    /// <summary>Regions and steering rules.</summary>
    public required Topology Topology { get; init; }

    /// <summary>How health is observed and summed up.</summary>
    public required HealthOptions Health { get; init; }

    /// <summary>Where operators' overrides are kept over a restart, or null to forget them. Read at start.</summary>
    public string? OverrideFile { get; init; }

    /// <summary>How the names of endpoints are looked up.</summary>
    public DiscoveryOptions Discovery { get; init; } = new();

    /// <summary>The names that endpoints are found by, beside those of <see cref="Topology"/>.</summary>
    public ImmutableArray<DnsSource> Sources { get; init; } = [];

    /// <summary>The other edges that look at the same regions, or null for none. Read at start.</summary>
    public PeerOptions? Peers { get; init; }

    /// <summary>How long a failover takes at worst, by this configuration's own arithmetic.</summary>
    public FailoverPlan Failover { get; init; } = FailoverPlan.None;

    /// <summary>How many repetitions of requests are let through at once, for each route.</summary>
    public RetryBudgetOptions RetryBudget { get; init; } = new();

    /// <summary>Routes in YARP's model, each with what steering asks of it, ordered as in the file.</summary>
    public required ImmutableArray<EdgeRoute> Routes { get; init; }

    /// <summary>The DNS server, or null for none. Its addresses are read at start.</summary>
    public DnsConfiguration? Dns { get; init; }

    /// <summary>How the edge stops.</summary>
    public DrainOptions Drain { get; init; } = DrainOptions.Default;
}

/// <summary>How the edge stops after SIGTERM.</summary>
/// <param name="Announce">How long it goes on taking new requests while it tells that it should be sent none. 0 to 1 h.</param>
/// <param name="Timeout">How long requests under way may take to finish after that. 0 to 1 h.</param>
internal sealed record DrainOptions(TimeSpan Announce, TimeSpan Timeout)
{
    /// <summary>Takes nothing new at once, and gives requests under way 30 s.</summary>
    public static DrainOptions Default { get; } = new(TimeSpan.Zero, TimeSpan.FromSeconds(30));
}

/// <summary>What a process may do.</summary>
internal enum EdgeRole
{
    /// <summary>It takes requests to regions.</summary>
    Proxy,

    /// <summary>It answers DNS.</summary>
    Dns,
}

/// <summary>The DNS server.</summary>
internal sealed record DnsConfiguration
{
    /// <summary>Addresses answered on, UDP and TCP.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    /// <summary>UDP threads for each address; 0 is one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>How answers are given.</summary>
    public required DnsOptions Options { get; init; }

    /// <summary>The edges that names can lead to, decided over as regions are; null for none.</summary>
    public Topology? Sites { get; init; }

    /// <summary>The network out of which answers lead to this edge, so that it can tell by which one a request came; null for none. Read at start.</summary>
    public IPNetwork? Epochs { get; init; }

    /// <summary>The zones, compiled.</summary>
    public required ZoneSet Zones { get; init; }
}

/// <summary>One address clients connect to.</summary>
internal sealed record ListenOptions
{
    /// <summary>Address and port; port 0 takes a free one, told in the log.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Whether every connection starts with a PROXY protocol v2 header (HAProxy's specification, 2.2). Only trusted proxies may then connect.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>PEM certificate chain and key, or null for clear text (HTTP/1.1 and HTTP/2 with prior knowledge).</summary>
    public TlsOptions? Tls { get; init; }
}

/// <summary>Files of a TLS certificate.</summary>
internal sealed record TlsOptions(string CertificateFile, string KeyFile);

/// <summary>Which peers may say who the client is, and how.</summary>
internal sealed record ClientOptions
{
    /// <summary>Peers whose Forwarded and X-Forwarded-For are believed; empty believes nobody.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];
}

/// <summary>Where the location table comes from.</summary>
internal sealed record GeoOptions
{
    /// <summary>Path of a GeoIP2, GeoLite2 or DB-IP City or Country database, relative to the configuration file.</summary>
    public required string Database { get; init; }

    /// <summary>SHA-256 the file must have, in hex, or null for none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How often the file is looked at for a new version. Default 2 s; 100 ms to 1 h.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>One route: YARP's part and steering's part.</summary>
internal sealed record EdgeRoute
{
    /// <summary>YARP's route: match, order, transforms, timeout. Its cluster has the route's own id.</summary>
    public required RouteConfig Route { get; init; }

    /// <summary>Session affinity inside a region in YARP's model, or null.</summary>
    public SessionAffinityConfig? Affinity { get; init; }

    /// <summary>What keeps a client in one region, or null for nothing.</summary>
    public StickinessOptions? Stickiness { get; init; }

    /// <summary>Whether its requests go first to the region that endpoints say leads.</summary>
    public bool PrefersLeader { get; init; }

    /// <summary>YARP's HTTP client and forwarder settings for this route, or null for the edge's defaults.</summary>
    public ForwarderOptions Forwarder { get; init; } = new();

    /// <summary>How its requests are tried at one endpoint after the other.</summary>
    public AttemptOptions Attempts { get; init; } = new();

    /// <summary>The state class the route needs. Default read.</summary>
    public StateClass State { get; init; } = StateClass.Read;

    /// <summary>The regions that its requests may go to. Default all.</summary>
    public RegionSet Regions { get; init; } = RegionSet.Everything;

    /// <summary>What to do when no region is healthy. Default nearest.</summary>
    public WhenNoneHealthy WhenNoneHealthy { get; init; }
}

/// <summary>How a route's requests are sent upstream.</summary>
internal sealed record ForwarderOptions
{
    /// <summary>HTTP version spoken to endpoints: 1.1 or 2.0 (with prior knowledge on clear text). Default 1.1.</summary>
    public Version Version { get; init; } = HttpVersion.Version11;

    /// <summary>Time without any byte in either direction after which an exchange ends. Default 100 s.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Time to connect to an endpoint. Default 1 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
