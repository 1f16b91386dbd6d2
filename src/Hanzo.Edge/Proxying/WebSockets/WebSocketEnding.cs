using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Proxying.WebSockets;

/// <summary>
/// How a WebSocket ends that its region does not end: with a close frame (RFC 6455 §7.4), so that the client's code hears of it
/// in the words of the protocol, in place of a connection that is merely gone. Only between two frames: whoever broke off inside
/// one has left nothing that could be said in its place.
/// </summary>
internal sealed class WebSocketEnding : IHttpUpgradeFeature, IHttpExtendedConnectFeature, IDisposable
{
    // "An unexpected condition prevented the server from fulfilling the request." 1012 to 1014 would say it more closely, but
    // clients of RFC 6455 alone take them for a breach; 1001 is taken by some for a good end.
    private const ushort Unexpected = 1011;

    // How long the client may take to answer before the connection ends. Ending it with words on their way here would reset it,
    // and the last word with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpContext context;
    private readonly IHttpUpgradeFeature? upgrade;
    private readonly IHttpExtendedConnectFeature? connect;
    private WatchedStream? stream;

    private WebSocketEnding(HttpContext context, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) =>
        (this.context, this.upgrade, this.connect) = (context, upgrade, connect);

    /// <inheritdoc/>
    public bool IsUpgradableRequest => upgrade is { IsUpgradableRequest: true };

    /// <inheritdoc/>
    public bool IsExtendedConnect => connect is { IsExtendedConnect: true };

    /// <inheritdoc/>
    public string? Protocol => connect?.Protocol;

    /// <summary>Sees to the ending of <paramref name="context"/>, where that asks for a WebSocket; null where it does not.</summary>
    public static WebSocketEnding? SeeTo(HttpContext context)
    {
        var features = context.Features;
        if (context.Request.Headers.Upgrade.Count != 0)
        {
            if (!context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase) || features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade) return null;
            var ending = new WebSocketEnding(context, upgrade, null);
            features.Set<IHttpUpgradeFeature>(ending);
            return ending;
        }
        if (HttpMethods.IsConnect(context.Request.Method) && features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            var ending = new WebSocketEnding(context, null, connect);
            features.Set<IHttpExtendedConnectFeature>(ending);
            return ending;
        }
        return null;
    }

    /// <inheritdoc/>
    public async Task<Stream> UpgradeAsync() => stream = new WatchedStream(await upgrade!.UpgradeAsync());

    /// <inheritdoc/>
    public async ValueTask<Stream> AcceptAsync() => stream = new WatchedStream(await connect!.AcceptAsync());

    /// <summary>Says the last word where neither side has said one, and gives the client a moment to answer.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        if (stream is null || context.RequestAborted.IsCancellationRequested) return;
        if (stream.ToClient is not { IsBetweenFrames: true, HasClosed: false } || stream.FromClient.HasClosed) return;
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await stream.WriteAsync(Frame(Unexpected, "The region broke off."u8), limit.Token);
            await stream.FlushAsync(limit.Token);
            var rest = new byte[1024];
            while (!stream.FromClient.HasClosed && await stream.ReadAsync(rest, limit.Token) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // the client has left before, or does not answer
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();

    // A server's frame is not masked; a control frame holds 125 bytes at most.
    private static byte[] Frame(ushort code, ReadOnlySpan<byte> reason)
    {
        var frame = new byte[4 + reason.Length];
        (frame[0], frame[1]) = (0x88, (byte)(2 + reason.Length));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), code);
        reason.CopyTo(frame.AsSpan(4));
        return frame;
    }
}
