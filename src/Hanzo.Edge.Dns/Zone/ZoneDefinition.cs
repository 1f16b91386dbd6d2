using System.Collections.Immutable;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>One zone as the configuration states it.</summary>
public sealed record ZoneDefinition
{
    /// <summary>The zone's apex.</summary>
    public required DnsName Name { get; init; }

    /// <summary>Its start of authority.</summary>
    public required ZoneAuthority Authority { get; init; }

    /// <summary>Its records with fixed data; the NS records of the apex are among them.</summary>
    public ImmutableArray<ZoneRecord> Records { get; init; } = [];

    /// <summary>Names whose addresses are steered.</summary>
    public ImmutableArray<SteeredName> Steered { get; init; } = [];
}

/// <summary>A zone's SOA record (RFC 1035 §3.3.13).</summary>
public sealed record ZoneAuthority
{
    /// <summary>The primary name server.</summary>
    public required DnsName Primary { get; init; }

    /// <summary>The responsible mailbox, its first label being the local part.</summary>
    public required DnsName Mailbox { get; init; }

    /// <summary>Version of the zone. Default 1.</summary>
    public uint Serial { get; init; } = 1;

    /// <summary>Default 1 h.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Default 10 min.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Default 7 days.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long resolvers keep "no such name" and "no such data" (RFC 2308 §4). Default 60 s.</summary>
    public TimeSpan Minimum { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>TTL of the SOA record itself; negative answers carry the smaller of it and <see cref="Minimum"/>. Default 1 h.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>One record.</summary>
/// <param name="Name">Its owner; the first label <c>*</c> makes a wildcard (RFC 4592).</param>
/// <param name="Type">Its type.</param>
/// <param name="Ttl">Whole seconds, 0 to 2^31-1 (RFC 2181 §8).</param>
/// <param name="Data">Its data.</param>
public sealed record ZoneRecord(DnsName Name, DnsType Type, TimeSpan Ttl, RecordData Data);
