using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Hanzo.Edge.Proxying;

/// <summary>An address inside the process at which Kestrel speaks HTTP/2: its connections come from <see cref="PrefaceSniffer"/> instead of a socket.</summary>
internal sealed class PrefaceListener : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>The address to listen on.</summary>
    public static EndPoint Address { get; } = new PrefaceEndPoint();

    private readonly Channel<ConnectionContext> handed = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Hands <paramref name="connection"/> over; completes when it is served.</summary>
    public Task ServeAsync(ConnectionContext connection)
    {
        var lent = new LentConnection(connection);
        return handed.Writer.TryWrite(lent) ? lent.Served : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is PrefaceEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(endpoint, handed));

    private sealed class PrefaceEndPoint : EndPoint
    {
        public override string ToString() => "http2-by-preface";
    }

    private sealed class Listener(EndPoint endpoint, Channel<ConnectionContext> handed) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await handed.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            handed.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
