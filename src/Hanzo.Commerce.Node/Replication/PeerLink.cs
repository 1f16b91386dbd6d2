using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>
/// Follows one peer for as long as the node runs: asks from where this node stands, applies what comes, and begins again
/// after a pause when the link breaks. The version vector on disk is all it remembers.
/// </summary>
internal sealed class PeerLink(Peer peer, IReplica store, IPeerClient client, PeerBoard board, EntryIntake intake, ReplicationOptions options,
    TimeProvider time, ILogger log)
{
    public async Task Follow(CancellationToken stopping)
    {
        var pause = options.FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            var start = time.GetTimestamp();
            string? reason;
            try
            {
                reason = await FollowOnce(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
            {
                reason = broken.Message;
            }
            board.Lost(peer);
            if (reason is null || time.GetElapsedTime(start) > options.LongestPause)
                pause = options.FirstPause;
            if (reason is not null)
                log.LinkBroken(peer.Name, reason, pause);
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
        }
    }

    /// <summary>Null when the link was left on purpose, to be taken up again with other wishes; else why it broke.</summary>
    private async Task<string?> FollowOnce(CancellationToken stopping)
    {
        // A peer that says nothing is gone, whatever its socket says.
        using var silence = new CancellationTokenSource(options.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        var wanted = board.WantedOf(peer);
        await using var stream = await client.Pull(peer, store.Vector, wanted, either.Token);
        log.LinkUp(peer.Name);
        while (await stream.Read(either.Token) is var (kind, content))
        {
            silence.CancelAfter(options.Silence);
            board.Heard(peer);
            switch (kind)
            {
                case FrameKind.Entries:
                    if (await intake.Entries(content) is { } refusal)
                        return refusal;
                    break;
                case FrameKind.Position when Wire.ReadPosition(content) is var (vector, stamp):
                    board.Heard(peer, vector, stamp);
                    if (!board.WantedOf(peer).SetEquals(wanted))
                        return null;
                    break;
                case FrameKind.Cut:
                    return await TakeSnapshot(stopping);
                default:
                    return $"a frame of kind {(int)kind} has no place here";
            }
            silence.CancelAfter(options.Silence);
        }
        return "the peer ended the stream";
    }

    private async Task<string?> TakeSnapshot(CancellationToken stopping)
    {
        log.SnapshotBegins(peer.Name);
        var start = time.GetTimestamp();
        using var silence = new CancellationTokenSource(options.Silence * 10, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        await using var stream = await client.Snapshot(peer, either.Token);
        VersionVector? covered = null;
        while (await stream.Read(either.Token) is var (kind, content))
        {
            silence.CancelAfter(options.Silence * 10);
            board.Heard(peer);
            switch (kind)
            {
                case FrameKind.Position when covered is null && Wire.ReadPosition(content) is var (vector, _):
                    if (vector.Entries.Select(entry => entry.Key).FirstOrDefault(origin => !options.Knows(origin)) is { Value: not 0 } stranger)
                        return $"its snapshot covers {stranger}, which no member writes as";
                    covered = vector;
                    break;
                case FrameKind.Rows when covered is not null:
                    if ((await intake.Rows(content)).Refusal is { } refusal)
                        return refusal;
                    break;
                case FrameKind.End when covered is not null:
                    await store.Change(transaction =>
                    {
                        transaction.Advance(covered);
                        return true;
                    }, stopping);
                    var took = time.GetElapsedTime(start);
                    log.SnapshotTaken(peer.Name, took);
                    return null;
                default:
                    return $"a frame of kind {(int)kind} has no place in a snapshot";
            }
        }
        return "the snapshot ended before its end";
    }
}
