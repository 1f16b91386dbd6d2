using System.Net;
using System.Net.Sockets;
using Hanzo.Sockets.Loops;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>An endpoint as its connections know it: where it is, and those that rest.</summary>
internal sealed class UpstreamEndpoint : IDisposable
{
    /// <summary>How long a connection rests before it is closed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly TimeProvider time;
    private readonly List<UpstreamConnection> resting = [];
    private readonly Lock taking = new();
    private readonly EndPoint address;
    private bool isClosed;

    /// <summary>The endpoint at <paramref name="prefix"/>: scheme, authority, and a path or none.</summary>
    public UpstreamEndpoint(string prefix, TimeProvider time)
    {
        this.time = time;
        var uri = new Uri(prefix);
        Authority = uri.Authority;
        Path = uri.AbsolutePath.TrimEnd('/');
        address = IPAddress.TryParse(uri.DnsSafeHost, out var ip) ? new IPEndPoint(ip, uri.Port) : new DnsEndPoint(uri.DnsSafeHost, uri.Port);
    }

    /// <summary>Its host and port.</summary>
    public string Authority { get; }

    /// <summary>What the path of every request stands behind, or nothing.</summary>
    public string Path { get; }

    /// <summary>A rested connection, begun, or null where there is none that is good.</summary>
    public UpstreamConnection? Take(long now, SilenceBounds bounds)
    {
        while (true)
        {
            UpstreamConnection newest;
            lock (taking)
            {
                if (resting.Count == 0) return null;
                newest = resting[^1];
                resting.RemoveAt(resting.Count - 1);
            }
            if (newest.TryBegin(now, bounds)) return newest;
            newest.Dispose();
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="HttpRequestException">The endpoint can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It takes too long, which an inner TimeoutException says, or nobody waits any longer.</exception>
    public async ValueTask<UpstreamConnection> ConnectAsync(TimeSpan within, SilenceBounds bounds, CancellationToken aborted, CancellationToken cut)
    {
        using var limit = new CancellationTokenSource(bounds.Within(within, time), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, aborted, cut);
        try
        {
            var connection = new UpstreamConnection(this, await ConnectAsync(stop.Token), time);
            connection.TryBegin(time.GetTimestamp(), bounds);
            return connection;
        }
        catch (SocketException refused)
        {
            var unknown = refused.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery;
            throw new HttpRequestException(unknown ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, "The endpoint can't be reached.", refused);
        }
        catch (OperationCanceledException)
        {
            if (!limit.IsCancellationRequested || aborted.IsCancellationRequested || cut.IsCancellationRequested) throw;
            throw new OperationCanceledException("The endpoint does not take the connection.", new TimeoutException());
        }
    }

    private async ValueTask<LoopSocket> ConnectAsync(CancellationToken stop)
    {
        if (address is IPEndPoint known) return await LoopSocket.ConnectAsync(known, SocketLoop.Next(), stop);
        var name = (DnsEndPoint)address;
        var addresses = await System.Net.Dns.GetHostAddressesAsync(name.Host, stop);
        for (var index = 0; ; index++)
            try
            {
                return await LoopSocket.ConnectAsync(new IPEndPoint(addresses[index], name.Port), SocketLoop.Next(), stop);
            }
            catch (SocketException) when (index + 1 < addresses.Length)
            {
                // the next one may be reached
            }
    }

    /// <summary>Takes back a connection whose response was read whole.</summary>
    public void Return(UpstreamConnection connection)
    {
        if (connection.TryRest(Rest))
            lock (taking)
                if (!isClosed)
                {
                    resting.Add(connection);
                    return;
                }
        connection.Dispose();
    }

    /// <summary>Forgets a connection that has rested for too long.</summary>
    public void Forget(UpstreamConnection connection)
    {
        lock (taking) resting.Remove(connection);
    }

    /// <summary>Closes what rests; what is in use is closed when it comes back.</summary>
    public void Dispose()
    {
        lock (taking)
        {
            isClosed = true;
            foreach (var connection in resting) connection.Dispose();
            resting.Clear();
        }
    }
}
