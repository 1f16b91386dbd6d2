using System.Collections.Immutable;
using System.Net;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>Where the DNS server listens and what it spends. Read at start.</summary>
public sealed record DnsServerOptions
{
    /// <summary>Addresses, each served over UDP and TCP; port 0 takes a free one.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    /// <summary>Threads and sockets for each address on Linux, 1 to 64; 0 is one a processor. Elsewhere it is one.</summary>
    public int Threads { get; init; }

    /// <summary>Whether batched system calls are used where the system has them. Default true.</summary>
    public bool Batched { get; init; } = true;

    /// <summary>TCP connections at once; more are closed as they come. Default 1000.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>How long a TCP connection may be without a whole query, and how long an answer may take to be taken (RFC 7766 §6.2.3). Default 10 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
