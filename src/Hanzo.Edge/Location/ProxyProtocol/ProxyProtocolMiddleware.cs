using System.Net;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Connections;

namespace Hanzo.Edge.Location.ProxyProtocol;

/// <summary>
/// Stands first on a listener whose connections all begin with a PROXY protocol header, before TLS. The header decides who the
/// remote end is; a connection without a good one, from a peer that may not send one, or that takes too long over it, is closed.
/// There is no guessing whether a header comes: the specification forbids it, because then anybody could send one.
/// </summary>
/// <param name="next">What serves the connection.</param>
/// <param name="trusted">Says at each connection which peers may send a header: a reload changes it.</param>
/// <param name="time">Times the wait for the header.</param>
/// <param name="metrics">Counts refusals.</param>
/// <param name="log">Tells of refusals, for debugging only: anybody can cause them.</param>
internal sealed class ProxyProtocolMiddleware(ConnectionDelegate next, Func<TrustedProxies> trusted, TimeProvider time, LocationMetrics metrics, ILogger log)
{
    /// <summary>How long a header may take: the specification's least, so that one lost segment is survived.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Serves one connection.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint peer || !trusted().Contains(ClientKey.Of(peer.Address)))
        {
            Refuse(connection, ProxyRefusal.Untrusted);
            return;
        }

        var (refusal, source) = await ReadAsync(connection).ConfigureAwait(false);
        if (refusal is { } reason)
        {
            Refuse(connection, reason);
            return;
        }

        connection.RemoteEndPoint = source ?? peer;
        await next(connection).ConfigureAwait(false);
    }

    private async Task<(ProxyRefusal? Refusal, IPEndPoint? Source)> ReadAsync(ConnectionContext connection)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var received = await input.ReadAsync(stop.Token).ConfigureAwait(false);
                var header = ProxyHeader.Read(received.Buffer);
                switch (header.Status)
                {
                    case ProxyHeaderStatus.Complete:
                        input.AdvanceTo(received.Buffer.GetPosition(header.Length));
                        return (null, header.Source);
                    case ProxyHeaderStatus.Malformed:
                        input.AdvanceTo(received.Buffer.Start);
                        return (ProxyRefusal.Malformed, null);
                    default:
                        input.AdvanceTo(received.Buffer.Start, received.Buffer.End);
                        break;
                }

                if (received.IsCompleted)
                {
                    return (ProxyRefusal.Missing, null);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return (patience.IsCancellationRequested ? ProxyRefusal.TooSlow : ProxyRefusal.Missing, null);
        }
        catch (Exception reset) when (reset is IOException or ConnectionResetException or ConnectionAbortedException)
        {
            return (ProxyRefusal.Missing, null);
        }
    }

    private void Refuse(ConnectionContext connection, ProxyRefusal reason)
    {
        metrics.ProxyHeaderRefused(reason);
        LocationLog.ProxyHeaderRefused(log, connection.RemoteEndPoint, reason);
        connection.Abort();
    }
}

/// <summary>Why a connection to a PROXY protocol listener was closed.</summary>
internal enum ProxyRefusal : byte
{
    /// <summary>Its peer is no trusted proxy.</summary>
    Untrusted,

    /// <summary>Its first bytes are no header of version 2, or a broken one.</summary>
    Malformed,

    /// <summary>It ended before its header did.</summary>
    Missing,

    /// <summary>Its header was not there in time.</summary>
    TooSlow,
}
