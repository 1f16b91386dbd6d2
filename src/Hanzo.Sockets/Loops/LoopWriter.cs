using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// What is written to a connection. Flushing sends it at once, on the thread that flushes, and is done when the system has
/// taken all of it: a client that does not receive keeps its writer waiting, and nothing piles up.
/// </summary>
internal sealed class LoopWriter(LoopSocket socket, MemoryPool<byte> pool, Action<Exception> close) : PipeWriter
{
    private readonly BlockChain blocks = new(pool);
    private long unflushed;
    private bool isBroken;
    private bool isCanceled;
    private Task? flushing;
    private Task? completing;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => unflushed;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (blocks.Last is { } last) last.Fill(bytes);
        else ArgumentOutOfRangeException.ThrowIfNotEqual(bytes, 0);
        unflushed += bytes;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => blocks.WithRoom(sizeHint).Free;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => blocks.WithRoom(sizeHint).FreeSpan;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (unflushed == 0 || isBroken)
        {
            Clear();
            return new(Flushed());
        }
        try
        {
            var (first, last) = (blocks.First!, blocks.Last!);
            var sending = ReferenceEquals(last, first) ? socket.SendAsync(first.Memory) : socket.SendAsync(new ReadOnlySequence<byte>(first, 0, last, last.End));
            if (!sending.IsCompletedSuccessfully)
            {
                var rest = FlushRestAsync(sending);
                flushing = rest;
                return new(rest);
            }
            sending.GetAwaiter().GetResult();
        }
        catch (Exception broken)
        {
            Break(broken);
        }
        Clear();
        return new(Flushed());
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => Volatile.Write(ref isCanceled, true);

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => completing ??= SendAndCloseAsync(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => new(completing ??= SendAndCloseAsync(exception));

    private async Task SendAndCloseAsync(Exception? why)
    {
        if (flushing is not null) await flushing;
        await FlushAsync();
        close(why ?? new ConnectionAbortedException("All was sent, and the connection is closed."));
    }

    private async Task<FlushResult> FlushRestAsync(ValueTask sending)
    {
        try
        {
            await sending;
        }
        catch (Exception broken)
        {
            Break(broken);
        }
        Clear();
        return Flushed();
    }

    private FlushResult Flushed()
    {
        var canceled = Volatile.Read(ref isCanceled);
        if (canceled) Volatile.Write(ref isCanceled, false);
        return new(canceled, isBroken);
    }

    private void Break(Exception broken)
    {
        isBroken = true;
        close(broken);
    }

    private void Clear()
    {
        blocks.Clear();
        unflushed = 0;
    }
}
