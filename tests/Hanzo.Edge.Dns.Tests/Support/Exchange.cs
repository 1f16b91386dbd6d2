using System.Net;
using Hanzo.Edge.Dns.Serving;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>A responder to ask without sockets.</summary>
internal sealed class Exchange(DnsSnapshot snapshot)
{
    private readonly byte[] room = new byte[65536];
    private readonly ResponseRateLimiter limiter = new(1);

    public Exchange()
        : this(TestWorld.Snapshot())
    {
    }

    public DnsCounters Counters { get; } = new();

    public IPAddress Resolver { get; init; } = IPAddress.Parse("192.0.2.200");

    public long Milliseconds { get; set; } = 1_000_000;

    public uint UnixSeconds { get; set; } = 1_700_000_000;

    public bool Udp { get; init; } = true;

    private DnsResponder? Responder { get; set; }

    public Response Ask(string name, DnsType type) => Ask(new Query(name, type));

    public Response Ask(Query query) => Response.Read(Send(query.Packet()));

    /// <summary>The response's bytes; empty where none is sent.</summary>
    public ReadOnlySpan<byte> Send(ReadOnlySpan<byte> packet)
    {
        Responder ??= new(Counters, limiter);
        var peer = new DnsPeer { Address = ClientKey.Of(Resolver), IsUdp = Udp, Milliseconds = Milliseconds, UnixSeconds = UnixSeconds, KeepaliveUnits = 100 };
        return room.AsSpan(0, Responder.Respond(packet, peer, snapshot, Udp ? room.AsSpan(0, 4096) : room));
    }
}
