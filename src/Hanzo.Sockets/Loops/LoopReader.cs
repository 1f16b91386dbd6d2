using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// What a connection's other end sends, received when it is read. While nothing comes, no memory waits for it. That the other end has left
/// is noticed though nobody reads: what it sent before is received ahead, within bounds, to find its end.
/// </summary>
internal sealed class LoopReader : PipeReader, IValueTaskSource<ReadResult>
{
    // Room to receive into at least: half of what the pool gives out.
    private const int Room = 2 * 1024;

    // Received ahead at most. Who left more behind is noticed when that is read.
    private const int MostAhead = 64 * 1024;

    private readonly LoopSocket socket;
    private readonly BlockChain blocks;
    private readonly Action ended;
    private readonly Action goOn;
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> waiting;
    private int start;
    private bool isExamined = true;
    private bool isWaiting;
    private bool isCanceled;
    private bool hasEnded;
    private bool isCompleted;
    private Exception? broken;

    /// <summary>Reads from <paramref name="socket"/>.</summary>
    /// <param name="socket">Where from.</param>
    /// <param name="pool">Gives memory.</param>
    /// <param name="ended">Told once when nothing more will come. Must not wait.</param>
    public LoopReader(LoopSocket socket, MemoryPool<byte> pool, Action ended)
    {
        (this.socket, blocks, this.ended) = (socket, new(pool), ended);
        goOn = GoOn;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (TryTake(out var result)) return new(result);
            isWaiting = true;
            waiting.Reset();
        }
        var version = waiting.Version;
        Wait();
        return cancellationToken.CanBeCanceled ? WithCancellationAsync(new(this, version), cancellationToken) : new(this, version);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (gate) return TryTake(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (gate)
        {
            if (blocks.First is null || consumed.GetObject() is not Block until) return;
            isExamined = ReferenceEquals(examined.GetObject(), blocks.Last) && examined.GetInteger() == blocks.Last!.End;
            while (!ReferenceEquals(blocks.First, until)) Drop();
            start = consumed.GetInteger();
            if (start < until.End) return;
            // The rest is consumed; what follows begins anew.
            if (ReferenceEquals(until, blocks.Last)) isExamined = true;
            Drop();
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        bool waits;
        lock (gate) (isCanceled, waits) = (true, isWaiting);
        if (waits) socket.WakeReceiver();
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (gate)
        {
            isCompleted = true;
            while (blocks.First is not null) Drop();
        }
    }

    /// <summary>Nothing more will come, because this side has closed the socket.</summary>
    public void End(Exception why)
    {
        lock (gate)
        {
            if (hasEnded) return;
            (hasEnded, broken) = (true, why);
        }
        ended();
    }

    /// <summary>The system has told that the other end has left: finds its end where nobody reads.</summary>
    public void LookAhead()
    {
        lock (gate)
        {
            if (isWaiting || isCompleted) return;
            while (!hasEnded && Buffered() < MostAhead && TryReceive())
            {
            }
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => waiting.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => waiting.OnCompleted(continuation, state, token, flags);

    private async ValueTask<ReadResult> WithCancellationAsync(ValueTask<ReadResult> reading, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static self => ((LoopReader)self!).CancelPendingRead(), this))
        {
            var result = await reading;
            // Canceled by the token and by nobody else: an exception says so.
            if (result.IsCanceled) cancellation.ThrowIfCancellationRequested();
            return result;
        }
    }

    private void Wait()
    {
        if (!socket.TryWaitToReceive(goOn)) GoOn();
    }

    private void GoOn()
    {
        var result = default(ReadResult);
        Exception? thrown = null;
        bool waits;
        lock (gate)
        {
            try
            {
                waits = !TryTake(out result);
            }
            catch (Exception why)
            {
                (thrown, waits) = (why, false);
            }
            isWaiting = waits;
        }
        if (waits) Wait();
        else if (thrown is null) waiting.SetResult(result);
        else waiting.SetException(thrown);
        // Who was told of it by another thread than the loop's was told first; the end behind what was read is found after.
        if (socket.HasEnded) LookAhead();
    }

    // What there is, where somebody has to be told of it: bytes that were not examined, the end, or that reading was canceled.
    private bool TryTake(out ReadResult result)
    {
        if (isExamined && !hasEnded && !isCanceled) TryReceive();
        if (broken is not null) throw broken;
        var canceled = isCanceled;
        if (isExamined && !hasEnded && !canceled)
        {
            result = default;
            return false;
        }
        isCanceled = false;
        var buffer = blocks.First is { } first ? new ReadOnlySequence<byte>(first, start, blocks.Last!, blocks.Last!.End) : default;
        result = new(buffer, canceled, hasEnded);
        return true;
    }

    private bool TryReceive()
    {
        if (!socket.MayReceive) return false;
        try
        {
            var block = blocks.WithRoom(Room);
            var hasCome = socket.TryReceive(block.FreeSpan, out var count);
            if (count > 0)
            {
                block.Fill(count);
                isExamined = false;
                return true;
            }
            // No memory waits with those who wait.
            if (block.End == 0 && ReferenceEquals(blocks.First, block)) Drop();
            if (!hasCome) return false;
            hasEnded = true;
            ended();
        }
        catch (Exception error)
        {
            (hasEnded, broken) = (true, LoopConnection.Told(error));
            ended();
        }
        return false;
    }

    private int Buffered() => blocks.First is { } first ? (int)(blocks.Last!.RunningIndex + blocks.Last.End - first.RunningIndex) - start : 0;

    private void Drop()
    {
        blocks.Drop();
        start = 0;
    }
}
