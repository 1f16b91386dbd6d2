using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// UDP by .NET's own socket, a datagram a call: for systems without batched calls. Limit: on a wildcard address the system picks
/// the source of a reply, so hosts with several addresses list them one by one.
/// </summary>
internal sealed class PlainUdpListener : IUdpListener
{
    private const int WakeMilliseconds = 200;
    private const int BufferSize = 4096;

    private readonly Socket socket;
    private readonly DnsServing serving;
    private readonly DnsCounters counters;
    private readonly DnsResponder responder;
    private readonly Thread thread;
    private readonly byte[] request = new byte[BufferSize];
    private readonly byte[] response = new byte[BufferSize];
    private volatile bool stopping;

    private PlainUdpListener(Socket socket, DnsServing serving)
    {
        this.socket = socket;
        this.serving = serving;
        counters = serving.Metrics.Thread("udp");
        responder = new(counters, serving.Limiter);
        thread = new(Serve) { IsBackground = true, Name = $"dns {socket.LocalEndPoint}" };
    }

    /// <inheritdoc/>
    public IPEndPoint Endpoint => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Binds a socket.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static PlainUdpListener Bind(IPEndPoint endpoint, DnsServing serving)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = WakeMilliseconds };
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(endpoint);
            return new(socket, serving);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Start() => thread.Start();

    /// <inheritdoc/>
    public void Stop() => stopping = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        if (thread.IsAlive) thread.Join();
        socket.Dispose();
    }

    private void Serve()
    {
        var from = new SocketAddress(socket.AddressFamily);
        while (!stopping || socket.Available > 0) Turn(from);
    }

    private void Turn(SocketAddress from)
    {
        try
        {
            var length = socket.ReceiveFrom(request, SocketFlags.None, from);
            var clock = DnsClock.Read(serving.Time);
            var peer = new DnsPeer { Address = Sender(from), IsUdp = true, Milliseconds = clock.Milliseconds, UnixSeconds = clock.UnixSeconds };
            length = responder.Respond(request.AsSpan(0, length), peer, serving.Snapshot, response);
            if (length > 0) socket.SendTo(response.AsSpan(0, length), SocketFlags.None, from);
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return;
        }
        catch (SocketException)
        {
            counters.SendFailed++;
        }
        catch (Exception problem)
        {
            serving.Log.ServingFailed(problem, "udp");
        }
    }

    private static Steering.ClientKey Sender(SocketAddress from)
    {
        var bytes = from.Buffer.Span;
        return from.Family == AddressFamily.InterNetwork
            ? Steering.ClientKey.Of(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]))
            : new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]));
    }
}
