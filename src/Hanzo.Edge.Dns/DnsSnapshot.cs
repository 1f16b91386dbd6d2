using System.Collections.Immutable;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns;

/// <summary>Everything an answer reads: zones, steered answers, options. Immutable; a query reads it once, a reload swaps it whole.</summary>
/// <param name="Zones">The zones.</param>
/// <param name="Steering">The answers of their steered names.</param>
/// <param name="Options">How answers are given.</param>
public sealed record DnsSnapshot(ZoneSet Zones, SteeringView Steering, DnsOptions Options)
{
    /// <summary>What a query for <paramref name="name"/> is answered, found by the look-ups that a query makes; null where no steered name answers it.</summary>
    /// <param name="name">The name asked for: a steered one, one below a steered wildcard, or a CNAME that leads there.</param>
    /// <param name="client">The client's network, or the resolver.</param>
    /// <param name="place">The place of an address, already freed of what embeds it.</param>
    public SteeredExplanation? Explain(DnsName name, ClientKey client, Func<ClientKey, int> place)
    {
        byte[] packet = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Wire, 0, (byte)DnsType.A, 0, DnsHeader.ClassInternet];
        var query = new DnsQuery();
        return query.Read(packet) == ReadOutcome.Question && Zones.Find(query) is { Steered: >= 0 } found
            ? Steering.Names[found.Steered].Explain(client, place)
            : null;
    }
}

/// <summary>How answers are given.</summary>
public sealed record DnsOptions
{
    /// <summary>Bytes of an answer over UDP at most, whatever the client takes; above it the answer is truncated. 512 to 4096; default 1232, which no path fragments (DNS flag day 2020).</summary>
    public int MaxUdpSize { get; init; } = 1232;

    /// <summary>What NSID asks for (RFC 5001), at most 64 bytes; empty answers none.</summary>
    public ImmutableArray<byte> ServerId { get; init; } = [];

    /// <summary>Secrets of server cookies, 16 bytes each: cookies are made with the first and accepted by all, so that one can be rolled (RFC 9018 §5). Empty answers no cookies.</summary>
    public ImmutableArray<ImmutableArray<byte>> CookieSecrets { get; init; } = [];

    /// <summary>Limits of answers to sources not known to be real.</summary>
    public RateLimitOptions RateLimit { get; init; } = new();
}

/// <summary>Limits of UDP answers to one network, where no cookie shows that its addresses are not forged.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Answers of one kind per second to one network; 0 is no limit. Default 200.</summary>
    public int PerSecond { get; init; } = 200;

    /// <summary>Every how manieth limited answer is sent truncated instead of dropped, so that a real client can come back over TCP; 0 drops all. Default 2.</summary>
    public int Slip { get; init; } = 2;

    /// <summary>Bits of an IPv4 network. Default 24.</summary>
    public int PrefixV4 { get; init; } = 24;

    /// <summary>Bits of an IPv6 network. Default 56.</summary>
    public int PrefixV6 { get; init; } = 56;
}
