namespace Hanzo.Edge.Proxying.Direct;

/// <summary>
/// Ends a connection to an endpoint when its client leaves or the attempt is cut. A client of HTTP/1.1 has one request under
/// way: its <see cref="Peer"/> holds the connection, which takes two exchanges of a word, where ASP.NET's token for an aborted
/// request is an object with a registration for each request.
/// </summary>
internal struct ClientWatch
{
    private static readonly Action<object?> Abort = static connection => ((UpstreamConnection)connection!).Dispose();

    private UpstreamConnection? watched;
    private Peer? holder;
    private CancellationTokenRegistration onAbort;
    private CancellationTokenRegistration onCut;

    /// <summary>Begins; a client that has left already ends the connection at once.</summary>
    /// <param name="context">The request.</param>
    /// <param name="peer">Its client, where nothing but its leaving aborts the request; null otherwise.</param>
    /// <param name="connection">What ends with it.</param>
    /// <param name="cut">Ends it too.</param>
    public void Begin(HttpContext context, Peer? peer, UpstreamConnection connection, CancellationToken cut)
    {
        if (peer is not null && TryBegin(peer, connection, cut)) return;
        watched = connection;
        onAbort = context.RequestAborted.UnsafeRegister(Abort, connection);
        onCut = cut.UnsafeRegister(Abort, connection);
    }

    /// <summary>Begins, by nothing but the client's connection.</summary>
    /// <returns>False where it has left.</returns>
    public bool TryBegin(Peer peer, UpstreamConnection connection, CancellationToken cut)
    {
        if (!peer.TryHold(connection)) return false;
        (watched, holder) = (connection, peer);
        onCut = cut.UnsafeRegister(Abort, connection);
        return true;
    }

    /// <summary>Ends the watching. May be asked again.</summary>
    /// <returns>Whether nothing has ended the connection, and nothing will.</returns>
    public bool End()
    {
        onCut.Dispose();
        onAbort.Dispose();
        var isOurs = holder is null || holder.TryRelease(watched!);
        holder = null;
        return isOurs;
    }
}
