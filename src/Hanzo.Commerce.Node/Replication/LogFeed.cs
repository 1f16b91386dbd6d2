using System.Buffers;
using System.IO.Pipelines;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>
/// Sends a follower what it lacks, and goes on with what comes. It holds nothing but where the follower stands: a slow
/// follower is waited for by the stream's own flow control, with one batch in memory.
/// </summary>
internal sealed class LogFeed(IReplica store, ReplicationOptions options, HybridClock clock, TimeProvider time)
{
    /// <summary>A batch is cut after this many entries or bytes, whichever comes first.</summary>
    private const int BatchEntries = 512;
    private const int BatchBytes = 256 * 1024;

    /// <summary>Follows until the follower leaves, or until it needs a snapshot.</summary>
    public async Task Send(VersionVector sent, IReadOnlySet<uint> members, PipeWriter writer, CancellationToken cancellation)
    {
        await SendPosition(store.Vector, writer, cancellation);
        var told = time.GetTimestamp();
        while (true)
        {
            var next = store.NextChange;
            var vector = store.Vector;
            foreach (var (origin, applied) in vector.Entries)
            {
                if (!members.Contains(origin.Member))
                    continue;
                while (sent[origin] < applied)
                {
                    if (await TakeBatch(origin, sent[origin]) is not { } batch)
                    {
                        Frame.Write(writer, FrameKind.Cut, []);
                        await writer.FlushAsync(cancellation);
                        return;
                    }
                    Frame.Write(writer, FrameKind.Entries, Wire.Entries(batch.Span));
                    await writer.FlushAsync(cancellation);
                    sent = sent.With(origin, batch.Span[^1].Sequence);
                }
            }
            if (time.GetElapsedTime(told) >= options.PositionInterval)
            {
                await SendPosition(store.Vector, writer, cancellation);
                told = time.GetTimestamp();
            }
            if (await Comes(next, cancellation))
                await Task.Delay(options.Gathering, time, cancellation);
        }
    }

    /// <summary>Sends entries up to a bound and ends: for who waits for just these.</summary>
    public async Task SendOnce(VersionVector sent, IReadOnlySet<uint> members, PipeWriter writer, CancellationToken cancellation)
    {
        foreach (var (origin, applied) in store.Vector.Entries)
        {
            while (members.Contains(origin.Member) && sent[origin] < applied && await TakeBatch(origin, sent[origin]) is { } batch)
            {
                Frame.Write(writer, FrameKind.Entries, Wire.Entries(batch.Span));
                await writer.FlushAsync(cancellation);
                sent = sent.With(origin, batch.Span[^1].Sequence);
            }
        }
        Frame.Write(writer, FrameKind.End, []);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>
    /// Sends every row. What the vector sent first covers is all in the rows after it: they are read later, and what they
    /// hold beyond it does no harm, since it will be merged again.
    /// </summary>
    public async Task SendSnapshot(PipeWriter writer, CancellationToken cancellation)
    {
        await SendPosition(store.Vector, writer, cancellation);
        var content = new ArrayBufferWriter<byte>(BatchBytes);
        for (var range = 0; range < StoreKey.Ranges; range++)
        {
            await SocketThread.Leave();
            foreach (var (key, value) in store.Range(range))
            {
                Wire.PutRow(content, key, value);
                if (content.WrittenCount >= BatchBytes)
                    await SendRows(writer, content, cancellation);
            }
        }
        await SendRows(writer, content, cancellation);
        Frame.Write(writer, FrameKind.End, []);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>Sends the rows of one range, then a vector that covers all they hold.</summary>
    public async Task SendRange(int range, PipeWriter writer, CancellationToken cancellation)
    {
        var content = new ArrayBufferWriter<byte>(4096);
        foreach (var (key, value) in store.Range(range))
        {
            Wire.PutRow(content, key, value);
            if (content.WrittenCount >= BatchBytes)
                await SendRows(writer, content, cancellation);
        }
        await SendRows(writer, content, cancellation);
        await SendPosition(store.Shown, writer, cancellation);
        Frame.Write(writer, FrameKind.End, []);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>Entries after a number, or null when the log no longer has the first of them.</summary>
    private async ValueTask<ReadOnlyMemory<LogRow>?> TakeBatch(ReplicaId origin, long after)
    {
        await SocketThread.Leave();
        var rows = store.Log(origin, after, BatchEntries);
        if (rows.Count == 0 || rows[0].Sequence != after + 1)
            return null;
        var bytes = 0;
        var count = rows.FindIndex(row => (bytes += row.Body.Length + 4) > BatchBytes);
        return rows.ToArray().AsMemory(0, count < 0 ? rows.Count : Math.Max(1, count));
    }

    private async Task<bool> Comes(Task next, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(options.PositionInterval, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SendPosition(VersionVector vector, PipeWriter writer, CancellationToken cancellation)
    {
        var now = clock.Next();
        Frame.Write(writer, FrameKind.Position, Wire.Position(vector, now));
        await writer.FlushAsync(cancellation);
    }

    private static async Task SendRows(PipeWriter writer, ArrayBufferWriter<byte> content, CancellationToken cancellation)
    {
        if (content.WrittenCount == 0)
            return;
        Frame.Write(writer, FrameKind.Rows, content.WrittenSpan);
        content.Clear();
        await writer.FlushAsync(cancellation);
    }
}
