using System.Collections.Immutable;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>
/// One zone on its way to prepared answers. For every name that exists it works out, once, what each question would be answered:
/// CNAME chains inside the zone are followed here, denials carry their SOA, referrals their glue.
/// </summary>
internal sealed class CompiledZone
{
    private const int MaxChain = 16;
    private static readonly TimeSpan AnyTtl = TimeSpan.FromHours(1);
    private static readonly RecordData AnyData = RecordData.Of([7, .. "RFC8482"u8, 0]);

    private readonly ZoneDefinition zone;
    private readonly RecordData authority;
    private readonly TimeSpan negativeTtl;
    private readonly ImmutableArray<SteeredName>.Builder allSteered;
    private readonly Dictionary<DnsName, ZoneEntry> entries = [];

    public CompiledZone(ZoneDefinition zone, ImmutableArray<SteeredName>.Builder steered)
    {
        this.zone = zone;
        allSteered = steered;
        var soa = zone.Authority;
        negativeTtl = soa.Ttl < soa.Minimum ? soa.Ttl : soa.Minimum;
        authority = new([new([], soa.Primary), new([], soa.Mailbox), new(Numbers(soa), null)]);

        Entry(zone.Name).Sets[DnsType.SOA] = new(soa.Ttl, [authority]);
        foreach (var set in zone.Records.GroupBy(record => (record.Name, record.Type)))
            Entry(set.Key.Name).Sets[set.Key.Type] = new(set.First().Ttl, [.. set.Select(record => record.Data)]);
        foreach (var name in zone.Steered)
        {
            Entry(name.Name).Steered = steered.Count;
            steered.Add(name);
        }

        foreach (var entry in entries.Values) entry.Cut = CutOver(entry.Name);
    }

    /// <summary>The zone's names with their answers.</summary>
    public IReadOnlyDictionary<DnsName, ZoneNode> Nodes()
    {
        var nodes = entries.Values.ToDictionary(entry => entry.Name, Node);
        foreach (var (name, node) in nodes)
            if (name.IsWildcard && entries[name].Cut is null) nodes[name.Parent].Wildcard = node;
        return nodes;
    }

    private ZoneEntry Entry(DnsName name)
    {
        if (entries.TryGetValue(name, out var entry)) return entry;
        entries.Add(name, entry = new(name));
        if (!name.Equals(zone.Name)) Entry(name.Parent); // names between exist too (RFC 8020)
        return entry;
    }

    private DnsName? CutOver(DnsName name)
    {
        DnsName? highest = null;
        for (; !name.Equals(zone.Name); name = name.Parent)
            if (entries.TryGetValue(name, out var entry) && entry.Sets.ContainsKey(DnsType.NS)) highest = name;
        return highest;
    }

    private ZoneNode Node(ZoneEntry entry)
    {
        if (entry.Cut is { } cut)
        {
            var referral = Referral(cut);
            // The parent answers for the DS of a cut (RFC 4035 §3.1.4.1): there is none, the child is not signed.
            (DnsType, PreparedAnswer)[] signer = cut.Equals(entry.Name) ? [(DnsType.DS, Answer(entry.Name, DnsType.DS))] : [];
            return new() { Name = [.. entry.Name.Lower], Types = signer, Otherwise = referral, Below = referral };
        }

        var types = new List<(DnsType, PreparedAnswer)> { (DnsType.ANY, Any(entry)) };
        foreach (var type in TypesAt(entry.Name)) types.Add((type, Answer(entry.Name, type)));
        return new()
        {
            Name = [.. entry.Name.Lower],
            Types = [.. types.OrderByDescending(t => t.Item1 is DnsType.A or DnsType.AAAA)],
            Otherwise = Answer(entry.Name, DnsType.None),
            Below = Denial(),
        };
    }

    private HashSet<DnsType> TypesAt(DnsName name)
    {
        var types = new HashSet<DnsType>();
        for (var hops = 0; hops <= MaxChain && Find(name) is { Cut: null } entry; hops++)
        {
            if (!entry.Sets.TryGetValue(DnsType.CNAME, out var alias))
            {
                types.UnionWith(entry.Sets.Keys);
                if (entry.Steered >= 0) types.UnionWith([DnsType.A, DnsType.AAAA]);
                break;
            }

            types.Add(DnsType.CNAME);
            name = alias.Data[0].Name!;
        }

        return types;
    }

    /// <summary>What exists at <paramref name="name"/>: itself, the wildcard of its closest encloser, or the cut it is under; null where nothing does.</summary>
    private ZoneEntry? Find(DnsName name)
    {
        if (!name.IsWithin(zone.Name)) return null;
        if (entries.TryGetValue(name, out var entry)) return entry;
        var encloser = name;
        do encloser = encloser.Parent;
        while (!entries.ContainsKey(encloser));
        if (entries[encloser].Cut is not null) return entries[encloser];
        return DnsName.TryParse("*", encloser, out var wildcard) ? entries.GetValueOrDefault(wildcard) : null;
    }

    private PreparedAnswer Answer(DnsName question, DnsType type)
    {
        var encoder = new SectionEncoder(question);
        var answers = 0;
        DnsName? owner = null;
        var entry = entries[question];
        while (type != DnsType.CNAME && entry.Sets.TryGetValue(DnsType.CNAME, out var alias) && answers < MaxChain)
        {
            encoder.Record(owner, DnsType.CNAME, alias.Ttl, alias.Data[0]);
            answers++;
            owner = alias.Data[0].Name!;
            if (!owner.IsWithin(zone.Name)) return Finish(encoder, DnsRcode.NoError, answers);
            if (Find(owner) is not { } next) return Negative(encoder, DnsRcode.NxDomain, answers, negativeTtl);
            if (next.Cut is { } cut)
            {
                var (servers, glue) = Delegate(encoder, cut);
                return Finish(encoder, DnsRcode.NoError, answers, servers, glue);
            }

            entry = next;
        }

        if (entry.Steered >= 0 && type is DnsType.A or DnsType.AAAA) return SteeredAnswer(encoder, question, entry.Steered, owner, answers);
        if (!entry.Sets.TryGetValue(type, out var set) || (type == DnsType.CNAME && owner is not null))
            return Negative(encoder, DnsRcode.NoError, answers, negativeTtl);
        foreach (var data in set.Data) encoder.Record(owner, type, set.Ttl, data);
        return Finish(encoder, DnsRcode.NoError, answers + set.Data.Length);
    }

    private PreparedAnswer SteeredAnswer(SectionEncoder encoder, DnsName question, int steered, DnsName? owner, int answers)
    {
        var prepared = Finish(encoder, DnsRcode.NoError, answers);
        var pointer = owner is null ? 0xC000 | DnsHeader.Size : encoder.PointerTo(owner);
        // The same encoder goes on: what follows is what is answered where there is no address to give. Not for longer than
        // the answer that would have been given, for the next state of health may have one.
        var ttl = allSteered[steered].MinTtl < negativeTtl ? allSteered[steered].MinTtl : negativeTtl;
        var without = Negative(encoder, DnsRcode.NoError, answers, ttl);
        return new()
        {
            Authoritative = true,
            Sections = prepared.Sections,
            Answers = answers,
            NameLength = question.Lower.Length,
            Pointers = prepared.Pointers,
            Steered = steered,
            SteeredOwner = pointer,
            WithoutAddress = without,
        };
    }

    private PreparedAnswer Any(ZoneEntry entry)
    {
        // One record instead of all (RFC 8482 §4.2), so that ANY amplifies nothing; a CNAME is its own answer.
        if (entry.Sets.ContainsKey(DnsType.CNAME)) return Answer(entry.Name, DnsType.CNAME);
        var encoder = new SectionEncoder(entry.Name);
        encoder.Record(null, DnsType.HINFO, AnyTtl, AnyData);
        return Finish(encoder, DnsRcode.NoError, 1);
    }

    private PreparedAnswer Denial() => Negative(new SectionEncoder(zone.Name), DnsRcode.NxDomain, 0, negativeTtl);

    private PreparedAnswer Referral(DnsName cut)
    {
        var encoder = new SectionEncoder(cut);
        var (servers, glue) = Delegate(encoder, cut);
        var prepared = Finish(encoder, DnsRcode.NoError, 0, servers, glue);
        return new()
        {
            Sections = prepared.Sections, Authority = servers, Additional = glue, NameLength = prepared.NameLength, Pointers = prepared.Pointers,
        };
    }

    private (int Servers, int Glue) Delegate(SectionEncoder encoder, DnsName cut)
    {
        var set = entries[cut].Sets[DnsType.NS];
        foreach (var server in set.Data) encoder.Record(cut, DnsType.NS, set.Ttl, server);
        var glue = 0;
        foreach (var server in set.Data)
        {
            if (!entries.TryGetValue(server.Name!, out var host) || host.Cut is null) continue;
            foreach (var type in (DnsType[])[DnsType.A, DnsType.AAAA])
            {
                if (!host.Sets.TryGetValue(type, out var addresses)) continue;
                foreach (var address in addresses.Data) encoder.Record(host.Name, type, addresses.Ttl, address);
                glue += addresses.Data.Length;
            }
        }

        return (set.Data.Length, glue);
    }

    private PreparedAnswer Negative(SectionEncoder encoder, DnsRcode rcode, int answers, TimeSpan ttl)
    {
        encoder.Record(zone.Name, DnsType.SOA, ttl, authority);
        return Finish(encoder, rcode, answers, authority: 1);
    }

    private static PreparedAnswer Finish(SectionEncoder encoder, DnsRcode rcode, int answers, int authority = 0, int additional = 0) => new()
    {
        Rcode = rcode,
        Authoritative = true,
        Sections = encoder.Bytes,
        Pointers = encoder.Pointers,
        NameLength = encoder.NameLength,
        Answers = answers,
        Authority = authority,
        Additional = additional,
    };

    private static ImmutableArray<byte> Numbers(ZoneAuthority soa)
    {
        uint[] numbers = [soa.Serial, (uint)soa.Refresh.TotalSeconds, (uint)soa.Retry.TotalSeconds, (uint)soa.Expire.TotalSeconds, (uint)soa.Minimum.TotalSeconds];
        return [.. numbers.SelectMany(n => (byte[])[(byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n])];
    }
}

/// <summary>What a zone has at one name.</summary>
internal sealed class ZoneEntry(DnsName name)
{
    public DnsName Name { get; } = name;

    public Dictionary<DnsType, RecordSet> Sets { get; } = [];

    /// <summary>Index of the steered name, or -1.</summary>
    public int Steered { get; set; } = -1;

    /// <summary>The highest zone cut at or above the name, or null.</summary>
    public DnsName? Cut { get; set; }
}

/// <summary>The records of one name and type.</summary>
internal sealed record RecordSet(TimeSpan Ttl, ImmutableArray<RecordData> Data);
