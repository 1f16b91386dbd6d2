namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// A request's body that can be read again from its start as long as all that was read of it is kept. What is longer than
/// the limit flows through and can then be sent once only. One reader at a time.
/// </summary>
/// <param name="source">The client's stream.</param>
/// <param name="limit">Bytes kept at most.</param>
/// <param name="expected">The body's length where the client says it, or 0.</param>
internal sealed class ReplayBody(Stream source, int limit, long expected)
{
    private byte[] kept = [];
    private int length;
    private long read;

    /// <summary>Whether <see cref="Open"/> may be called again: nothing that was read is lost.</summary>
    public bool CanReplay => read == length;

    /// <summary>What waits while the client itself is slow to send; null for nothing.</summary>
    public AttemptTimer? Timer { get; set; }

    /// <summary>A stream from the start of the body.</summary>
    public Stream Open() => new View(this);

    private async ValueTask<int> ReadOnAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var reading = source.ReadAsync(buffer, cancellation);
        if (!reading.IsCompleted) Timer?.Hold();
        try
        {
            var count = await reading;
            Keep(buffer.Span[..count]);
            return count;
        }
        finally
        {
            Timer?.GoOn();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var isWhole = CanReplay;
        read += bytes.Length;
        if (!isWhole || read > limit || expected > limit) return;
        if (kept.Length < read)
            Array.Resize(ref kept, (int)Math.Clamp(Math.Max(expected, Math.Max(2 * kept.Length, 1024)), read, Math.Max(limit, read)));
        bytes.CopyTo(kept.AsSpan(length));
        length += bytes.Length;
    }

    private sealed class View(ReplayBody body) : Stream
    {
        private int position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (position >= body.length) return body.read == body.length ? AdvanceAsync(buffer, cancellationToken) : body.ReadOnAsync(buffer, cancellationToken);
            var count = Math.Min(buffer.Length, body.length - position);
            body.kept.AsSpan(position, count).CopyTo(buffer.Span);
            position += count;
            return ValueTask.FromResult(count);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        // What is read is kept by the body as well: this view stands behind it.
        private async ValueTask<int> AdvanceAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            var count = await body.ReadOnAsync(buffer, cancellation);
            position = body.length;
            return count;
        }
    }
}
