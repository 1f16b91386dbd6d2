using System.Net;
using System.Net.Sockets;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Connects and tells how long the handshake took: SYN out, SYN-ACK back is one round trip, whatever the server does afterwards.</summary>
internal static class TimedConnection
{
    /// <summary>Connects to <paramref name="host"/>. Looking its name up is not part of the time.</summary>
    /// <exception cref="SocketException">The name does not resolve, or nothing takes the connection.</exception>
    public static async Task<(Socket Socket, TimeSpan RoundTrip)> OpenAsync(string host, int port, TimeProvider time, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var started = time.GetTimestamp();
            await socket.ConnectAsync(addresses, port, cancellation).ConfigureAwait(false);
            return (socket, time.GetElapsedTime(started));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
