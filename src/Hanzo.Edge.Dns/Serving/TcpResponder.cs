using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>The responder all TCP connections share, one at a time: an answer takes less than a microsecond, a connection's reading and writing do not hold it.</summary>
internal sealed class TcpResponder
{
    private readonly DnsServing serving;
    private readonly DnsResponder responder;
    private readonly int keepaliveUnits;
    private readonly Lock gate = new();

    public TcpResponder(DnsServing serving, DnsServerOptions options)
    {
        this.serving = serving;
        responder = new(serving.Metrics.Thread("tcp"), serving.Limiter);
        keepaliveUnits = (int)Math.Min(ushort.MaxValue, options.IdleTimeout.TotalMilliseconds / 100);
    }

    /// <summary>Answers one query.</summary>
    public int Respond(ReadOnlySpan<byte> request, ClientKey address, Span<byte> response)
    {
        var clock = DnsClock.Read(serving.Time);
        var peer = new DnsPeer { Address = address, IsUdp = false, Milliseconds = clock.Milliseconds, UnixSeconds = clock.UnixSeconds, KeepaliveUnits = keepaliveUnits };
        lock (gate) return responder.Respond(request, peer, serving.Snapshot, response);
    }
}
