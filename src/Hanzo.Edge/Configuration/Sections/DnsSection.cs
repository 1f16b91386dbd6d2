using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Routes;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`dns` as it was read, before names were put together.</summary>
internal sealed record DnsFile(ImmutableArray<Located<IPEndPoint>> Listen, int Threads, DnsOptions Options, ImmutableArray<Entry<DnsSiteFile>> Sites, ImmutableArray<Entry<DnsZoneFile>> Zones);

/// <summary>A site as it was read, still without its name.</summary>
internal sealed record DnsSiteFile(Site Site, ImmutableArray<IPAddress> Addresses, IPNetwork? Epochs);

/// <summary>One zone as it was read: names are still relative to it.</summary>
internal sealed record DnsZoneFile(ZoneAuthorityFile Authority, ImmutableArray<Located<string>> Records, ImmutableArray<Entry<DnsSteeredFile>> Steered);

/// <summary>A zone's `soa` as it was read.</summary>
internal sealed record ZoneAuthorityFile(string Primary, string Mailbox, ZoneAuthority Numbers);

/// <summary>A steered name as it was read, still without its name.</summary>
internal sealed record DnsSteeredFile(SteeredName Settings);

/// <summary>The authoritative DNS server.</summary>
internal static class DnsSection
{
    private static readonly TimeSpan MaxTtl = TimeSpan.FromDays(7);
    private static readonly ScalarShape<TimeSpan> Ttl = Scalars.Duration(TimeSpan.Zero, MaxTtl);
    private static readonly ZoneAuthority Usual = new() { Primary = DnsName.Root, Mailbox = DnsName.Root };

    private static readonly Section SoaKeys = new();
    private static readonly Key<string> Primary = SoaKeys.Required("primary", Scalars.Text("a name"), "The primary name server.");
    private static readonly Key<string> Mailbox = SoaKeys.Required("mailbox", Scalars.Text("a name"), "The responsible mailbox, its first label being the part before the @.");
    private static readonly Key<int> Serial = SoaKeys.Optional("serial", Scalars.Integer(0, int.MaxValue), 1, "Version of the zone.");
    private static readonly Key<TimeSpan> Refresh = SoaKeys.Optional("refresh", Ttl, Usual.Refresh, "SOA refresh.");
    private static readonly Key<TimeSpan> Retry = SoaKeys.Optional("retry", Ttl, Usual.Retry, "SOA retry.");
    private static readonly Key<TimeSpan> Expire = SoaKeys.Optional("expire", Ttl, Usual.Expire, "SOA expire.");
    private static readonly Key<TimeSpan> Minimum = SoaKeys.Optional("minimum", Ttl, Usual.Minimum, "How long resolvers keep that a name or type does not exist (RFC 2308).");
    private static readonly Key<TimeSpan> SoaTtl = SoaKeys.Optional("ttl", Ttl, Usual.Ttl, "TTL of the SOA record.");

    private static readonly Section TtlKeys = new();
    private static readonly Key<TimeSpan> TtlMin = TtlKeys.Optional("min", Ttl, TimeSpan.FromSeconds(5), "TTL while a change is near.");
    private static readonly Key<TimeSpan> TtlMax = TtlKeys.Optional("max", Ttl, TimeSpan.FromSeconds(30), "TTL while nothing is failing.");

    private static readonly Section SteeredKeys = new();
    private static readonly Key<ImmutableArray<Entry<ImmutableArray<Located<IPAddress>>>>> Addresses = SteeredKeys.Optional(
        "addresses", new MapShape<ImmutableArray<Located<IPAddress>>>(Names.Meant, new ListShape<IPAddress>(NetworkScalars.Address, atLeast: 1), atLeast: 1), [], "The addresses of each region, IPv4 and IPv6. Needed where the name is steered over regions.");
    private static readonly Key<SteeredOver> Over = SteeredKeys.Optional("over", Scalars.Choice(("regions", SteeredOver.Regions), ("sites", SteeredOver.Sites)), SteeredOver.Regions, "What the name leads to: regions, by the addresses given here, or the edges of `dns.sites`, by theirs.");
    private static readonly Key<int> Answers = SteeredKeys.Optional("answers", Scalars.Integer(1, 16), 1, "Addresses of one family in an answer at most, nearest first.");
    private static readonly Key<(TimeSpan Min, TimeSpan Max)> SteeredTtl = SteeredKeys.Optional("ttl", TtlKeys.Builds(values => (values.Get(TtlMin), values.Get(TtlMax))), (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)), "Between what the TTL of an answer moves.");
    private static readonly Key<StateClass> State = SteeredKeys.Optional("state", RouteSection.StateWord, StateClass.Read, "The kind of state that a region must be able to serve.");
    private static readonly Key<WhenNoneHealthy> NoneHealthy = SteeredKeys.Optional("whenNoneHealthy", Scalars.Choice(("nearest", WhenNoneHealthy.Nearest), ("refuse", WhenNoneHealthy.Refuse)), WhenNoneHealthy.Nearest, "When no region is healthy: answer with the nearest all the same, or with no address.");
    private static readonly Key<bool> IgnoreEcs = SteeredKeys.Optional("ignoreEcs", Scalars.Boolean, false, "Place clients by their resolver's address only, even where it tells their network.");

    private static readonly Section ZoneKeys = new();
    private static readonly Key<ZoneAuthorityFile> Soa = ZoneKeys.Required("soa", SoaKeys.Builds(BuildAuthority), "The start of authority.");
    private static readonly Key<ImmutableArray<Located<string>>> Records = ZoneKeys.Required("records", new ListShape<string>(Scalars.Text("a record, such as www 300 A 192.0.2.1"), atLeast: 1), "Records as zone files write them: NAME TTL TYPE DATA, the TTL in seconds, names relative to the zone, @ for the zone itself.");
    private static readonly Key<ImmutableArray<Entry<DnsSteeredFile>>> Steered = ZoneKeys.Optional("steered", new MapShape<DnsSteeredFile>(Names.Free("name"), SteeredKeys.Builds(BuildSteered)), [], "Names answered with the nearest healthy regions' addresses.");

    private static readonly Section SiteKeys = new();
    private static readonly Key<GeoPoint> SiteLocation = SiteKeys.Required("location", LocationShape.Point, "Where the edge stands; clients are led to the nearest one.");
    private static readonly Key<ImmutableArray<Located<IPAddress>>> SiteAddresses = SiteKeys.Required("addresses", new ListShape<IPAddress>(NetworkScalars.Address, atLeast: 1), "Where clients reach the edge, IPv4 and IPv6.");
    private static readonly Key<IPNetwork?> SiteEpochs = SiteKeys.OptionalValue("epochs", NetworkScalars.Cidr, "A network that is routed to the edge, /20 or wider (IPv6 /116), answered from in place of the addresses of its family: each address tells the edge which answer a request came by, and of which resolver.");
    private static readonly Key<string?> SiteRegion = SiteKeys.Optional("region", Names.Region, "The region it stands in: what `steering` says of that region holds for the edge. An edge in no region serves nobody whose data may be in some regions only.");
    private static readonly Key<int> SiteWeight = SiteKeys.Optional("weight", Scalars.Integer(0, 1000), 100, "Its share among edges inside one tie band.");
    private static readonly Key<bool> SiteDrained = SiteKeys.Optional("drained", Scalars.Boolean, false, "Is no answer.");

    private static readonly RateLimitOptions UsualLimit = new();
    private static readonly Section RateKeys = new();
    private static readonly Key<int> PerSecond = RateKeys.Optional("perSecond", Scalars.Integer(0, 10_000), UsualLimit.PerSecond, "Answers of one kind per second to one network; 0 is no limit.");
    private static readonly Key<int> Slip = RateKeys.Optional("slip", Scalars.Integer(0, 100), UsualLimit.Slip, "Every how manieth limited answer goes out truncated, so that a real client can come back over TCP; 0 for none.");

    private static readonly Section Keys = new();
    private static readonly Key<ImmutableArray<Located<IPEndPoint>>> Listen = Keys.Required("listen", new ListShape<IPEndPoint>(NetworkScalars.ListenAddress, atLeast: 1), "Addresses answered on, UDP and TCP. Read at start: a change needs a restart.");
    private static readonly Key<int> Threads = Keys.Optional("threads", Scalars.Integer(0, 64), 0, "UDP threads for each address; 0 is one a processor. Read at start.");
    private static readonly Key<string> ServerId = Keys.Optional("serverId", Scalars.Text("text of at most 64 characters", (scalar, _) => scalar.Text.Length <= 64 && scalar.Text.All(char.IsAscii) ? scalar.Text : ("is too long", "64 ASCII characters at most")), "", "What NSID asks for (RFC 5001).");
    private static readonly Key<ImmutableArray<Located<string>>> Cookies = Keys.Optional("cookieSecrets", new ListShape<string>(Scalars.Text("32 hex digits", (scalar, _) => scalar.Text.Length == 32 && scalar.Text.All(char.IsAsciiHexDigit) ? scalar.Text : ("is not a secret", "32 hex digits, as openssl rand -hex 16 prints them"))), [], "Secrets of server cookies (RFC 9018), the same on every edge: the first makes them, all are accepted. Without one no cookies are answered.");
    private static readonly Key<RateLimitOptions> RateLimit = Keys.Optional("rateLimit", RateKeys.Builds(values => new RateLimitOptions { PerSecond = values.Get(PerSecond), Slip = values.Get(Slip) }), UsualLimit, "Limits of UDP answers to sources that may be forged.");
    private static readonly Key<ImmutableArray<Entry<DnsSiteFile>>> Sites = Keys.Optional("sites", new MapShape<DnsSiteFile>(Names.Free("edge"), SiteKeys.Builds(BuildSite), atMost: Topology.MaxRegions), [], "The edges that names can lead to, by their names: this one, and those of `peers.members`, which leave the answers when most of the others no longer hear them.");
    private static readonly Key<ImmutableArray<Entry<DnsZoneFile>>> Zones = Keys.Required("zones", new MapShape<DnsZoneFile>(Names.Free("zone"), ZoneKeys.Builds(values => new DnsZoneFile(values.Get(Soa), values.Get(Records), values.Get(Steered))), atLeast: 1), "The zones, by name.");

    /// <summary>The section.</summary>
    public static Shape<DnsFile> Shape { get; } = Keys.Builds(values => new DnsFile(values.Get(Listen), values.Get(Threads), BuildOptions(values), values.Get(Sites), values.Get(Zones)));

    private static DnsOptions BuildOptions(Values values) => new()
    {
        ServerId = [.. System.Text.Encoding.ASCII.GetBytes(values.Get(ServerId))],
        CookieSecrets = [.. values.Get(Cookies).Select(secret => Convert.FromHexString(secret.Value).ToImmutableArray())],
        RateLimit = values.Get(RateLimit),
    };

    private static ZoneAuthorityFile BuildAuthority(Values values) => new(values.Get(Primary), values.Get(Mailbox), Usual with
    {
        Serial = (uint)values.Get(Serial),
        Refresh = values.Get(Refresh),
        Retry = values.Get(Retry),
        Expire = values.Get(Expire),
        Minimum = values.Get(Minimum),
        Ttl = values.Get(SoaTtl),
    });

    private static DnsSiteFile BuildSite(Values values)
    {
        if (values.Get(SiteEpochs) is { } epochs && ClientBits(epochs) - epochs.PrefixLength < EpochBook.LeastHostBits)
            values.Error(SiteEpochs, $"{epochs} is too small to tell answers apart", $"/{ClientBits(epochs) - EpochBook.LeastHostBits} or wider");
        return Describe(values);
    }

    private static int ClientBits(IPNetwork network) => network.BaseAddress.GetAddressBytes().Length * 8;

    private static DnsSiteFile Describe(Values values) => new(
        new Site { Name = "", Location = values.Get(SiteLocation), Region = values.Get(SiteRegion), Weight = values.Get(SiteWeight), Drained = values.Get(SiteDrained) },
        [.. values.Get(SiteAddresses).Select(address => address.Value)],
        values.Get(SiteEpochs));

    private static DnsSteeredFile BuildSteered(Values values)
    {
        if (values.Get(Over) == SteeredOver.Sites && values.Written(Addresses))
            values.Error(Addresses, "the edges of `dns.sites` have their own", "take it away");
        if (values.Get(Over) == SteeredOver.Regions && !values.Written(Addresses))
            values.Reading.Problems.Error(values.At, $"{values.Subject}: `addresses` is missing", "give the addresses of each region, or `over: sites`");
        return Steer(values);
    }

    private static DnsSteeredFile Steer(Values values) => new(new SteeredName
    {
        Name = DnsName.Root,
        Over = values.Get(Over),
        Targets = [.. values.Get(Addresses).Select(entry => new SteeredTarget(entry.Name, [.. entry.Value.Select(address => address.Value)]))],
        Answers = values.Get(Answers),
        MinTtl = values.Get(SteeredTtl).Min,
        MaxTtl = values.Get(SteeredTtl).Max,
        State = values.Get(State),
        WhenNoneHealthy = values.Get(NoneHealthy),
        IgnoreEcs = values.Get(IgnoreEcs),
    });
}
