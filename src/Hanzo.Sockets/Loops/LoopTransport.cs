using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sockets.Loops;

/// <summary>Lets Kestrel serve TCP connections on <see cref="SocketLoop"/>s. Other addresses, and other systems, are left to its own transport.</summary>
/// <param name="pools">Makes the memory that is received into.</param>
/// <param name="time">Pauses where no connection can be accepted.</param>
/// <param name="log">Is told why none can be.</param>
public sealed partial class LoopTransport(IMemoryPoolFactory<byte> pools, TimeProvider time, ILogger<LoopTransport> log) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // As many may wait to be accepted as with Kestrel's own transport.
    private const int Backlog = 512;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => SocketLoop.IsSupported && endpoint is IPEndPoint;

    /// <inheritdoc/>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? listening = null;
        try
        {
            listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listening.Listen(Backlog);
            return ValueTask.FromResult<IConnectionListener>(new Listener(listening, [.. Enumerable.Range(0, SocketLoop.Count).Select(_ => pools.Create())], time, log));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listening?.Dispose();
            throw new AddressInUseException(taken.Message, taken);
        }
        catch
        {
            listening?.Dispose();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection can be accepted at {Address}: {Reason}")]
    private static partial void NotAccepted(ILogger log, EndPoint? address, string reason);

    // A pool for each loop, so that threads do not meet in it.
    private sealed class Listener(Socket listening, MemoryPool<byte>[] pools, TimeProvider time, ILogger log) : IConnectionListener
    {
        public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
                try
                {
                    return Take(await listening.AcceptAsync(cancellationToken));
                }
                catch (Exception ended) when (ended is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null; // it listens no longer
                }
                catch (SocketException refused)
                {
                    // Who went away before it was accepted is nobody's fault; without handles, trying at once would only burn the processor.
                    if (refused.SocketErrorCode == SocketError.ConnectionReset) continue;
                    NotAccepted(log, EndPoint, refused.Message);
                    await Task.Delay(Pause, time, cancellationToken);
                }
        }

        private LoopConnection Take(Socket accepted)
        {
            var loop = SocketLoop.Next();
            var socket = LoopSocket.Of(accepted, loop);
            try
            {
                var connection = new LoopConnection(socket, pools[loop.Index], time);
                connection.Start();
                return connection;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            listening.Dispose();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            listening.Dispose();
            foreach (var pool in pools) pool.Dispose();
            return default;
        }
    }
}
