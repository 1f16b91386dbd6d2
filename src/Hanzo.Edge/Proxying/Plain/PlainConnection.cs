using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>
/// One client's connection for as long as it asks for nothing but what is plain: a request of HTTP/1.1 is read, carried to its region and
/// answered without a server in between. The first one that is not plain, or whose attempt is not answered at once, is
/// left to Kestrel with all that follow, its bytes unread; what was begun for it is gone on with there (ADR 0175).
/// </summary>
internal sealed class PlainConnection
{
    private const string Scheme = "http";

    private readonly ConnectionContext connection;
    private readonly PlainServer server;
    private readonly Peer peer;
    private readonly PipeReader input;
    private readonly ClientWriter output;
    private readonly PlainRequest request = new();
    private readonly DefaultHttpContext asked = new();
    private long resting;
    private volatile bool isOver;
    private volatile bool isLast;

    /// <summary>Takes <paramref name="connection"/> over.</summary>
    public PlainConnection(ConnectionContext connection, PlainServer server)
    {
        (this.connection, this.server, peer) = (connection, server, connection.Features.Get<Peer>()!);
        (input, output) = (connection.Transport.Input, new(connection.Transport.Output, server.Time));
        asked.RequestServices = server.Services;
        asked.Request.Method = HttpMethods.Get;
        asked.Request.Scheme = Scheme;
    }

    /// <summary>Serves plain requests.</summary>
    /// <returns>Whether the connection has ended; false where what comes next is left to another server.</returns>
    public async Task<bool> ServeAsync()
    {
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static self => ((PlainConnection)self).Beat(), this);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using var stop = stopping.UnsafeRegister(static self => ((PlainConnection)self!).Stop(), this);
        try
        {
            while (!isOver)
            {
                var since = server.Time.GetTimestamp();
                Volatile.Write(ref resting, since);
                var read = await input.ReadAsync();
                Volatile.Write(ref resting, 0);
                if (read.Buffer.IsEmpty && (read.IsCompleted || isLast || HasRested(since))) return true;
                if (read.Buffer.IsEmpty)
                {
                    input.AdvanceTo(read.Buffer.End);
                    continue;
                }
                if (!read.Buffer.IsSingleSegment || !request.TryRead(read.Buffer.First, out var length) || await PlanAsync() is not { } plan || !await CarryAsync(Open(plan)))
                {
                    input.AdvanceTo(read.Buffer.Start);
                    return false;
                }
                input.AdvanceTo(read.Buffer.GetPosition(length));
            }
            return true;
        }
        catch (Exception broken) when (broken is IOException or ConnectionAbortedException or SocketException or ObjectDisposedException)
        {
            return true; // the client is gone
        }
        finally
        {
            isOver = true;
        }
    }

    /// <summary>Ends what was begun and nobody went on with.</summary>
    public void Abandon()
    {
        if (peer.Begun is not { } begun) return;
        peer.Begun = null;
        begun.Upstream?.Dispose();
        Leave(begun.Exchange);
    }

    private bool HasRested(long since) => server.Time.GetElapsedTime(since) > server.Limits.KeepAliveTimeout;

    // Asked each second by Kestrel, whose bounds hold here as well.
    private void Beat()
    {
        if (isOver) return;
        if (Volatile.Read(ref resting) is not 0 and var since && HasRested(since)) input.CancelPendingRead();
        if (server.Limits.MinResponseDataRate is { } rate && output.IsTooSlow(rate.GracePeriod, rate.BytesPerSecond))
            connection.Abort(new ConnectionAbortedException("The client receives too slowly."));
    }

    private void Stop()
    {
        isLast = true;
        if (!isOver) input.CancelPendingRead();
    }

    private async ValueTask<RoutePlan?> PlanAsync()
    {
        if (!server.Way.IsOpen) return null;
        if (!server.Routes.TryFind(request, out var route))
        {
            asked.SetEndpoint(null);
            asked.Request.Path = request.Path;
            asked.Request.QueryString = new(request.Query);
            asked.Request.Host = new(request.Host);
            await server.Way.Match!(asked);
            route = asked.GetEndpoint();
            server.Routes.Keep(request, route);
        }
        return server.Way.PlanOf(route) is { Stickiness: null } plan ? plan : null;
    }

    private Exchange Open(RoutePlan plan) =>
        server.Exchanges.Open(peer, plan, plan.Route.Route.Timeout, request.Of(FieldRole.Forwarded), request.Of(FieldRole.ForwardedFor), request.Of(FieldRole.RequestId));

    // False where it is left to others.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> CarryAsync(Exchange exchange)
    {
        if (!server.Way.TryBegin(exchange, out var cut)) return LeaveTo(new(exchange, ResumePoint.Refused));
        var options = exchange.Plan.Route.Forwarder;
        var endpoint = server.Endpoints.Of(exchange.Attempt.Endpoint.Model.Config.Address);
        var bounds = new SilenceBounds(options.ActivityTimeout, exchange.Until);
        var upstream = endpoint.Take(exchange.Attempt.Sent, bounds);
        var isRested = upstream is not null;
        var watch = default(ClientWatch);
        try
        {
            upstream ??= await endpoint.ConnectAsync(options.ConnectTimeout, bounds, connection.ConnectionClosed, cut);
            if (!watch.TryBegin(peer, upstream, cut)) throw new OperationCanceledException("The client is gone.");
            upstream.Request.Write(exchange, request, Scheme, endpoint);
            await upstream.SendAsync();
            while (!upstream.TryReadHead())
            {
                await upstream.WaitAsync();
                upstream.ReceiveHead();
            }
        }
        catch (Exception broken)
        {
            watch.End();
            upstream?.Dispose();
            if (peer.IsGone) return Leave(exchange);
            return LeaveTo(isRested && !cut.IsCancellationRequested && DirectForwarder.IsStale(broken, upstream!)
                ? new(exchange, ResumePoint.Asking, Cut: cut)
                : new(exchange, ResumePoint.Failed, upstream, broken, cut));
        }

        var head = upstream.Head;
        if (Attempts.CountsAsFailed(exchange, head.Status) || !upstream.ForClient.TryMake(head))
        {
            watch.End();
            return LeaveTo(new(exchange, ResumePoint.Answered, upstream, Cut: cut));
        }
        exchange.Plan.Leader?.Learn(head);
        if (!server.Attempts.Takes(exchange, head.Status))
        {
            watch.End();
            upstream.Dispose();
            return LeaveTo(new(exchange, ResumePoint.Cut));
        }
        var isBegun = false;
        try
        {
            var left = ClientHead.HasContent(head) ? head.Length : 0;
            // An endpoint that fails before its content can still be answered for.
            if (left != 0)
                while (upstream.Received.IsEmpty)
                {
                    await upstream.WaitForContentAsync();
                    if (upstream.ReceiveContent(hasMore: false) == 0) throw ResponseBody.Ended();
                }
            WriteHead(exchange, upstream);
            isBegun = true;
            if (left < 0)
            {
                await ResponseBody.CopyChunksAsync(output, upstream, default(ChunkedContent));
                ResponseBody.Check(await output.FlushAsync());
            }
            else await ResponseBody.PassAsync(output, upstream, left);
        }
        catch (Exception broken)
        {
            watch.End();
            upstream.Dispose();
            if (!isBegun && !peer.IsGone) return LeaveTo(new(exchange, ResumePoint.Failed, upstream, broken, cut));
            // What came of it is the client's.
            if (!peer.IsGone) await output.FlushAsync();
            return BreakOff(exchange, upstream, broken);
        }
        if (watch.End() && head.KeepsAlive) endpoint.Return(upstream);
        else upstream.Dispose();
        server.Attempts.End(exchange, ForwarderError.None);
        server.Exchanges.Close(exchange, head.Status);
        server.Metrics.Plain();
        server.Way.Arrived?.Invoke(connection);
        isOver |= isLast;
        return true;
    }

    private bool LeaveTo(Resumption begun)
    {
        peer.Begun = begun;
        return false;
    }

    // The client has left, and nobody hears of what became of its request.
    private bool Leave(Exchange exchange) => Fail(exchange, ForwarderError.RequestCanceled, null, StatusCodes.Status400BadRequest);

    // The client has a part of the response: it must not take that for the whole.
    private bool BreakOff(Exchange exchange, UpstreamConnection upstream, Exception broken)
    {
        var error = DirectForwarder.BodyError(peer.IsGone, upstream, broken);
        connection.Abort(new ConnectionAbortedException("The endpoint broke its response off.", broken));
        return Fail(exchange, error, broken, upstream.Head.Status);
    }

    private bool Fail(Exchange exchange, ForwarderError error, Exception? cause, int status)
    {
        server.Attempts.End(exchange, error);
        exchange.Error = ProxyStatus.TypeOf(error, cause);
        server.Exchanges.Close(exchange, status);
        return isOver = true;
    }

    // What the endpoint says, what the edge says itself (Telling), and whether another request may follow.
    private void WriteHead(Exchange exchange, UpstreamConnection upstream)
    {
        var date = upstream.ForClient.HasDate ? null : server.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        var via = exchange.Plan.Via.Of(HttpVersion.Version11);
        var region = exchange.Plan.RegionName(exchange.Region).ToString();
        var status = Telling.Status(exchange).ToString();
        var timing = exchange.Trusted ? Telling.Timing(exchange) : null;
        var said = upstream.ForClient.Written;
        // The names, and what is between them, take less than 128 bytes.
        var room = output.GetSpan(said.Length + via.Length + region.Length + exchange.RequestId.Length + status.Length + (timing?.Length ?? 0) + (date?.Length ?? 0) + 128);
        var line = new LineWriter(room);
        line.Put(said);
        if (date is not null) line.Put(HeaderNames.Date, date);
        line.Put(HeaderNames.Via, via);
        line.Put(Telling.RegionHeader, region);
        line.Put(RequestIds.Header, exchange.RequestId);
        line.Put(ProxyStatus.Header, status);
        if (timing is not null) line.Put(Telling.ServerTiming, timing);
        line.Put(isLast ? "Connection: close\r\n\r\n"u8 : "\r\n"u8);
        output.Advance(line.Written);
    }

    // ASCII, into a room that is large enough.
    private ref struct LineWriter(Span<byte> room)
    {
        private readonly Span<byte> room = room;

        public int Written { get; private set; }

        public void Put(ReadOnlySpan<byte> part)
        {
            part.CopyTo(room[Written..]);
            Written += part.Length;
        }

        public void Put(string name, string value)
        {
            Put(name);
            Put(": "u8);
            Put(value);
            Put("\r\n"u8);
        }

        private void Put(string part)
        {
            Ascii.FromUtf16(part, room[Written..], out var length);
            Written += length;
        }
    }
}
