namespace Hanzo.Edge.Discovery;

/// <summary>A name that endpoints are found by.</summary>
/// <param name="Region">The region they belong to.</param>
/// <param name="Name">The name to look up.</param>
/// <param name="Type">The type of record.</param>
/// <param name="Scheme">http or https.</param>
/// <param name="Port">Where they listen; not looked at for SRV, which says so itself.</param>
/// <param name="Weight">The weight of each, 1 to 1000; not looked at for SRV.</param>
internal sealed record DnsSource(string Region, string Name, DnsSourceType Type, string Scheme, int Port, int Weight)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.ToString().ToUpperInvariant()}";
}

/// <summary>What to look up.</summary>
internal enum DnsSourceType
{
    /// <summary>IPv4 addresses.</summary>
    A,

    /// <summary>IPv6 addresses.</summary>
    Aaaa,

    /// <summary>Hosts with port, priority and weight (RFC 2782), and the addresses of each.</summary>
    Srv,
}
