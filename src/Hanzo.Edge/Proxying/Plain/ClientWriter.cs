using System.IO.Pipelines;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>What is written to a client, and how long it takes it to receive that. One at a time writes.</summary>
internal sealed class ClientWriter(PipeWriter inner, TimeProvider time) : PipeWriter
{
    private long since;
    private long bytes;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>Whether what is on its way to the client takes longer than it may.</summary>
    /// <param name="grace">What it may take in any case.</param>
    /// <param name="rate">Bytes a second that a client receives at least.</param>
    public bool IsTooSlow(TimeSpan grace, double rate)
    {
        var sending = Volatile.Read(ref since);
        return sending != 0 && time.GetElapsedTime(sending) is var taken && taken > grace && taken.TotalSeconds * rate > Volatile.Read(ref bytes);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => inner.Advance(bytes);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref bytes, inner.UnflushedBytes);
        var flushing = inner.FlushAsync(cancellationToken);
        return flushing.IsCompleted ? flushing : WaitAsync(flushing);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flushing)
    {
        Volatile.Write(ref since, time.GetTimestamp());
        try
        {
            return await flushing;
        }
        finally
        {
            Volatile.Write(ref since, 0);
        }
    }
}
