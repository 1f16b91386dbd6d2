using System.Collections.Concurrent;
using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Api;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>
/// Lets a client find in this region what it saw or wrote in another: waits a moment for it, then asks for it, and when it
/// cannot be had says so. A client is never shown an older state as if it were all there is.
/// </summary>
internal sealed class SessionGate(Store store, PeerBoard board, PeerClient client, EntryIntake intake, ReplicationOptions replication,
    SessionGateOptions options, SessionMetrics metrics, TimeProvider time)
{
    public const string TokenHeader = "Hanzo-Session";
    public const string StateHeader = "Hanzo-Session-State";

    private readonly ConcurrentDictionary<ReplicaId, (long Sequence, long At)> _givenUp = [];
    private volatile CommonToken? _common;

    /// <summary>The stage that reads and writes tokens. Requests without one are let through at once and get their first.</summary>
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var seen = Seen.Nothing;
        var state = default(SessionState?);
        if (context.Request.Headers[TokenHeader] is [{ } text])
        {
            state = SessionState.Unknown;
            if (SessionToken.Read(text, options.Key) is { } token)
            {
                seen = token;
                state = await Reach(seen.Changes, context.RequestAborted);
            }
            metrics.Passed(state.Value);
        }
        var sight = AsksNoShard.Is(context) ? null : Sight.Begin(seen.Shards, isHeld: ApiRequest.ConsistencyOf(context.Request) == Consistency.Local);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[TokenHeader] = TokenOf(store.Shown, seen.Changes, sight?.Seen ?? seen.Shards);
            if (state is { } told)
                context.Response.Headers[StateHeader] = sight is { IsBehind: true } ? NameOf(SessionState.Behind) : NameOf(told);
            return Task.CompletedTask;
        });
        await next(context);
    }

    /// <summary>What all members have needs no reminding. What this node lacks stays in the token for the next one.</summary>
    private string TokenOf(VersionVector here, VersionVector seen, ImmutableArray<ShardIndex> shards)
    {
        var times = board.Times;
        if (!here.Covers(seen))
            return SessionToken.Write(new Seen(seen.Join(here).Beyond(board.EverywhereOf(here)), shards), options.Key);
        // Everyone who has seen nothing beyond this node is told the same until something changes here or elsewhere.
        if (_common is not { } common || !ReferenceEquals(common.Here, here) || common.Times != times)
        {
            var changes = here.Beyond(board.EverywhereOf(here));
            _common = common = new CommonToken(here, times, changes, SessionToken.Write(new Seen(changes, []), options.Key));
        }
        return shards.IsEmpty ? common.Text : SessionToken.Write(new Seen(common.Changes, shards), options.Key);
    }

    private async Task<SessionState> Reach(VersionVector seen, CancellationToken cancellation)
    {
        if (store.Vector.Covers(seen))
            return SessionState.Current;
        if (IsGivenUp(seen))
            return SessionState.Behind;
        if (await Arrives(seen, options.Wait, cancellation))
            return SessionState.Waited;
        if (await AsksAll(seen, cancellation))
            return SessionState.Fetched;
        cancellation.ThrowIfCancellationRequested();
        foreach (var (origin, sequence) in seen.Beyond(store.Vector).Entries)
            _givenUp[origin] = (sequence, time.GetTimestamp());
        return SessionState.Behind;
    }

    private async Task<bool> Arrives(VersionVector seen, TimeSpan within, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await store.Covers(seen, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks all peers side by side until nothing is missing any more: one that was killed a moment ago may still take a
    /// connection and never answer. True when nothing is missing.
    /// </summary>
    private async Task<bool> AsksAll(VersionVector seen, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.Ask, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var asked = Task.WhenAll(replication.Peers.Select(peer => Asks(peer, seen, either.Token)));
        // It may also come from whom this node follows.
        var arrives = store.Covers(seen, either.Token);
        await Task.WhenAny(asked, arrives);
        await either.CancelAsync();
        await asked;
        await arrives.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return store.Vector.Covers(seen);
    }

    /// <summary>Asks one peer for the entries that are missing, until it has told them or nothing is missing any more.</summary>
    private async Task Asks(Peer peer, VersionVector seen, CancellationToken cancellation)
    {
        try
        {
            var here = store.Vector;
            var members = seen.Beyond(here).Entries.Select(entry => entry.Key.Member).ToHashSet();
            await using var stream = await client.Fetch(peer, here, members, cancellation);
            while (await stream.Read(cancellation) is (FrameKind.Entries, { } content) && await intake.Entries(content) is null)
            {
            }
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            if (!store.Vector.Covers(seen))
                metrics.PeerUnreachable();
        }
    }

    private bool IsGivenUp(VersionVector seen) => seen.Beyond(store.Vector).Entries.Any(missing =>
        _givenUp.TryGetValue(missing.Key, out var given) && given.Sequence <= missing.Value && time.GetElapsedTime(given.At) < options.GiveUp);

    private static string NameOf(SessionState state) => state switch
    {
        SessionState.Behind => "behind",
        SessionState.Unknown => "unknown",
        _ => "current",
    };

    private sealed record CommonToken(VersionVector Here, long Times, VersionVector Changes, string Text);
}

/// <summary>Whether this node has what a client has seen, and how it came to it.</summary>
internal enum SessionState
{
    /// <summary>It was here already.</summary>
    Current,

    /// <summary>It arrived while the request waited.</summary>
    Waited,

    /// <summary>A peer was asked for it.</summary>
    Fetched,

    /// <summary>It could not be had.</summary>
    Behind,

    /// <summary>The token is not one of this cluster.</summary>
    Unknown,
}
