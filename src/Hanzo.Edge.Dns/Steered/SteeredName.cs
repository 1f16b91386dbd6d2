using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>A name whose A and AAAA records are decided for each client.</summary>
public sealed record SteeredName
{
    /// <summary>The name; the first label <c>*</c> makes a wildcard.</summary>
    public required DnsName Name { get; init; }

    /// <summary>What is chosen among: the regions, or the edge sites. Default regions.</summary>
    public SteeredOver Over { get; init; }

    /// <summary>The addresses of each region or site; those without addresses are never an answer.</summary>
    public required ImmutableArray<SteeredTarget> Targets { get; init; }

    /// <summary>Addresses of one family in an answer at most, nearest first. 1 to 16; default 1.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>TTL while a change is near. Default 5 s.</summary>
    public TimeSpan MinTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>TTL while nothing is failing. Default 30 s.</summary>
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The state class a region must be able to serve to be an answer. Default read.</summary>
    public StateClass State { get; init; }

    /// <summary>What to answer when none is healthy. Default nearest.</summary>
    public WhenNoneHealthy WhenNoneHealthy { get; init; }

    /// <summary>Whether clients are placed by their resolver's address even where it tells their network; the answer then says that it holds for every network. Default false.</summary>
    public bool IgnoreEcs { get; init; }
}

/// <summary>What a steered name chooses among.</summary>
public enum SteeredOver
{
    /// <summary>The regions that serve requests.</summary>
    Regions,

    /// <summary>The edge sites that take them.</summary>
    Sites,
}

/// <summary>The addresses of one region or site.</summary>
/// <param name="Region">Its name in the topology.</param>
/// <param name="Addresses">IPv4 and IPv6, in the order they are handed out.</param>
public sealed record SteeredTarget(string Region, ImmutableArray<IPAddress> Addresses)
{
    /// <summary>A network whose addresses are answered in place of those of its family, each telling the answer it is out of; null for none.</summary>
    public IPNetwork? Epochs { get; init; }

    /// <summary>What is answered in one family.</summary>
    internal IEnumerable<IPAddress> Answered(AddressFamily family) =>
        Epochs is { } epochs && epochs.BaseAddress.AddressFamily == family ? [epochs.BaseAddress] : Addresses.Where(address => address.AddressFamily == family);
}
