using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>Accepts TCP connections on one address and serves each (RFC 7766).</summary>
internal sealed class TcpListenerLoop : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly Socket socket;
    private readonly DnsServing serving;
    private readonly DnsServerOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly TcpResponder responder;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task accepting = Task.CompletedTask;
    private int open = 1; // the accept loop itself; zero means that everything has ended

    private TcpListenerLoop(Socket socket, DnsServing serving, DnsServerOptions options)
    {
        this.socket = socket;
        this.serving = serving;
        this.options = options;
        responder = new(serving, options);
    }

    /// <summary>Binds and listens.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static TcpListenerLoop Bind(IPEndPoint endpoint, DnsServing serving, DnsServerOptions options)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return new(socket, serving, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to accept.</summary>
    public void Start() => accepting = AcceptAsync();

    /// <summary>Accepts no more, lets connections answer what they have read, and waits for them to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await accepting.ConfigureAwait(false);
        Ended();
        await drained.Task.ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await socket.AcceptAsync(stopping.Token).ConfigureAwait(false));
            }
            catch (Exception problem) when (stopping.IsCancellationRequested && problem is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception problem)
            {
                // Out of handles, or a peer gone before it was accepted: the next one may do better, but not at full speed.
                serving.Log.ServingFailed(problem, "tcp");
                await Task.Delay(TimeSpan.FromMilliseconds(100), serving.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Serve(Socket client)
    {
        if (Interlocked.Increment(ref open) > options.MaxConnections + 1)
        {
            client.Dispose();
            Ended();
            serving.Metrics.ConnectionRefused();
            return;
        }

        _ = RunAsync(client);
    }

    private async Task RunAsync(Socket client)
    {
        serving.Metrics.ConnectionOpened();
        var reason = "error";
        try
        {
            reason = await new TcpConnection(client, responder, serving, options).RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            serving.Log.ServingFailed(problem, "tcp");
        }
        finally
        {
            client.Dispose();
            serving.Metrics.ConnectionClosed(reason);
            Ended();
        }
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref open) == 0) drained.SetResult();
    }
}
