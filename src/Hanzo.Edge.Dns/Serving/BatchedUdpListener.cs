using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// One UDP socket and the thread that serves it, with many datagrams a system call. Several of them share an address by
/// SO_REUSEPORT: the system spreads clients over them, so no two threads ever meet.
/// </summary>
internal sealed class BatchedUdpListener : IUdpListener
{
    // How long a thread without queries sleeps before it looks whether it is to stop.
    private const int WakeMicroseconds = 200_000;
    private const int KernelBuffer = 4 << 20;

    private readonly Socket socket;
    private readonly int handle;
    private readonly DatagramBatch batch;
    private readonly DnsResponder responder;
    private readonly DnsCounters counters;
    private readonly DnsServing serving;
    private readonly Thread thread;
    private volatile bool stopping;

    private BatchedUdpListener(Socket socket, DnsServing serving)
    {
        this.socket = socket;
        this.serving = serving;
        handle = (int)socket.SafeHandle.DangerousGetHandle();
        batch = new(IsWildcard(((IPEndPoint)socket.LocalEndPoint!).Address));
        counters = serving.Metrics.Thread("udp");
        responder = new(counters, serving.Limiter);
        thread = new(Serve) { IsBackground = true, Name = $"dns {socket.LocalEndPoint}" };
    }

    /// <inheritdoc/>
    public IPEndPoint Endpoint => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Binds a socket that shares <paramref name="endpoint"/>.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static BatchedUdpListener Bind(IPEndPoint endpoint, DnsServing serving)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            Set(socket, LinuxDatagrams.SocketLevel, LinuxDatagrams.ReusePortOption, 1);
            if (IsWildcard(endpoint.Address))
            {
                if (endpoint.AddressFamily == AddressFamily.InterNetwork) Set(socket, LinuxDatagrams.IPv4Level, LinuxDatagrams.IPv4PacketInfoOption, 1);
                else Set(socket, LinuxDatagrams.IPv6Level, LinuxDatagrams.IPv6ReceivePacketInfoOption, 1);
            }

            ReadOnlySpan<long> timeout = [0, WakeMicroseconds];
            socket.SetRawSocketOption(LinuxDatagrams.SocketLevel, LinuxDatagrams.ReceiveTimeoutOption, MemoryMarshal.AsBytes(timeout));
            socket.ReceiveBufferSize = KernelBuffer;
            socket.SendBufferSize = KernelBuffer;
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
        batch.Dispose();
    }

    private void Serve()
    {
        while (!stopping) Turn(LinuxDatagrams.WaitForOne);
        // What the system had taken before the stop is still answered.
        while (Turn(LinuxDatagrams.DontWait) > 0)
        {
        }
    }

    private int Turn(int flags)
    {
        try
        {
            var count = batch.Receive(handle, flags);
            if (count <= 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (count < 0 && error is not (LinuxDatagrams.AgainError or LinuxDatagrams.InterruptedError)) serving.Log.ReceiveFailed(Endpoint, error);
                return 0;
            }

            Answer(count);
            counters.SendFailed += batch.Send(handle);
            counters.Allocated = GC.GetAllocatedBytesForCurrentThread();
            return count;
        }
        catch (Exception problem)
        {
            serving.Log.ServingFailed(problem, "udp");
            return 0;
        }
    }

    private void Answer(int count)
    {
        var snapshot = serving.Snapshot;
        var clock = DnsClock.Read(serving.Time);
        for (var i = 0; i < count; i++)
        {
            var peer = new DnsPeer { Address = batch.Sender(i), IsUdp = true, Milliseconds = clock.Milliseconds, UnixSeconds = clock.UnixSeconds };
            var length = responder.Respond(batch.Request(i), peer, snapshot, batch.Room(i));
            if (length > 0) batch.Respond(i, length);
        }
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static void Set(Socket socket, int level, int option, int value) =>
        socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
}
