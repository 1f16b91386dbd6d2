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
        var sight = Sight.Begin(seen.Shards, isHeld: ApiRequest.ConsistencyOf(context.Request) == Consistency.Local);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[TokenHeader] = TokenOf(store.Vector, seen.Changes, sight.Seen);
            if (state is { } told)
                context.Response.Headers[StateHeader] = sight.IsBehind ? NameOf(SessionState.Behind) : NameOf(told);
            return Task.CompletedTask;
        });
        await next(context);
    }

    /// <summary>What all members have needs no reminding. What this node lacks stays in the token for the next one.</summary>
    private string TokenOf(VersionVector here, VersionVector seen, ImmutableArray<ShardIndex> shards)
    {
        var times = board.Times;
        if (!here.Covers(seen) || !shards.IsEmpty)
            return SessionToken.Write(new Seen(seen.Join(here).Beyond(board.EverywhereOf(here)), shards), options.Key);
        // Everyone who has seen nothing beyond this node is told the same until something changes here or elsewhere.
        if (_common is not { } common || !ReferenceEquals(common.Here, here) || common.Times != times)
            _common = common = new CommonToken(here, times, SessionToken.Write(new Seen(here.Beyond(board.EverywhereOf(here)), []), options.Key));
        return common.Text;
    }

    private async Task<SessionState> Reach(VersionVector seen, CancellationToken cancellation)
    {
        if (store.Vector.Covers(seen))
            return SessionState.Current;
        if (IsGivenUp(seen))
            return SessionState.Behind;
        if (await Arrives(seen, options.Wait, cancellation))
            return SessionState.Waited;
        using var patience = new CancellationTokenSource(options.Ask, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        foreach (var peer in replication.Peers.OrderByDescending(peer => IsMissing(seen, peer.Member)).ThenByDescending(board.IsUp))
        {
            if (await Asks(peer, seen, either.Token))
                return SessionState.Fetched;
        }
        cancellation.ThrowIfCancellationRequested();
        if (store.Vector.Covers(seen))
            return SessionState.Waited;
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

    /// <summary>Asks one peer for the entries that are missing. True when nothing is missing any more.</summary>
    private async Task<bool> Asks(Peer peer, VersionVector seen, CancellationToken cancellation)
    {
        try
        {
            var members = seen.Beyond(store.Vector).Entries.Select(entry => entry.Key).Select(origin => origin.Member).ToHashSet();
            await using var stream = await client.Fetch(peer, store.Vector, members, cancellation);
            while (await stream.Read(cancellation) is (FrameKind.Entries, { } content) && await intake.Entries(content) is null)
            {
                if (store.Vector.Covers(seen))
                    return true;
            }
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            metrics.PeerUnreachable();
        }
        return store.Vector.Covers(seen);
    }

    private bool IsMissing(VersionVector seen, uint member) => seen.Beyond(store.Vector).Entries.Select(entry => entry.Key).Any(origin => origin.Member == member);

    private bool IsGivenUp(VersionVector seen) => seen.Beyond(store.Vector).Entries.Any(missing =>
        _givenUp.TryGetValue(missing.Key, out var given) && given.Sequence <= missing.Value && time.GetElapsedTime(given.At) < options.GiveUp);

    private static string NameOf(SessionState state) => state switch
    {
        SessionState.Behind => "behind",
        SessionState.Unknown => "unknown",
        _ => "current",
    };

    private sealed record CommonToken(VersionVector Here, long Times, string Text);
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
