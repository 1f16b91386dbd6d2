using System.IO.Pipelines;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>
/// Calls on one connection, as many at a time as come: those that come while others are being sent leave together, and one
/// look around gives up all that waited too long. Answers come in any order.
/// </summary>
internal sealed class CallLine(TimeProvider time)
{
    /// <summary>How long a leader that is replaced may still answer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>How often it is looked whose time is over.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Waiting> _waiting = [];
    private readonly FrameQueue _frames = new();
    private long _last;
    private bool _isBroken;

    public Task<CallAnswer> Ask(MessageKind kind, int shard, ReadOnlyMemory<byte> content, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        var waiting = new Waiting(time.GetTimestamp(), left, replaced, cancellation);
        long number;
        lock (_gate)
        {
            if (_isBroken)
                return Task.FromResult(new CallAnswer(CallFate.NotTaken));
            number = ++_last;
            _waiting.Add(number, waiting);
        }
        if (!_frames.TryAdd(new Call(kind, shard, number, left, content), CallCodec.Write) && Take(number) is not null)
            return Task.FromResult(new CallAnswer(CallFate.NotTaken));
        return waiting.Task;
    }

    /// <summary>Sends and hears until the connection ends; what waits then is not known any more.</summary>
    public async Task Serve(Stream stream, PipeReader input, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] working = [_frames.Send(stream.WriteAsync, ended.Token), Hear(input, ended.Token), LookAround(ended.Token)];
        try
        {
            await await Task.WhenAny(working);
        }
        finally
        {
            await ended.CancelAsync();
            Break();
            await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Hear(PipeReader input, CancellationToken ended)
    {
        var answers = new Completions<CallAnswer>();
        try
        {
            while (await Next(input, answers, ended) is var (kind, _, frame))
            {
                if (kind != MessageKind.Answer || CallCodec.ReadAnswer(frame) is not var (number, answer))
                    throw new IOException("a frame cannot be read");
                if (Take(number) is { } waiting)
                    answers.Add(waiting, answer);
            }
        }
        finally
        {
            answers.Tell();
        }
    }

    /// <summary>The next frame. Where it has not come yet, those that came before are told first.</summary>
    private static ValueTask<(MessageKind Kind, int Shard, byte[] Content)?> Next(PipeReader input, Completions<CallAnswer> answers, CancellationToken ended)
    {
        var next = FrameReading.Next(input, MessageCodec.MaxLength, ended);
        if (!next.IsCompleted)
            answers.Tell();
        return next;
    }

    private async Task LookAround(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(ended))
        {
            foreach (var number in Overdue())
                Take(number)?.GiveUp();
        }
    }

    private long[] Overdue()
    {
        lock (_gate)
            return [.. _waiting.Where(waiting => waiting.Value.IsOver(time, Grace)).Select(waiting => waiting.Key)];
    }

    private Waiting? Take(long number)
    {
        lock (_gate)
            return _waiting.Remove(number, out var waiting) ? waiting : null;
    }

    private void Break()
    {
        Waiting[] left;
        lock (_gate)
        {
            _isBroken = true;
            left = [.. _waiting.Values];
            _waiting.Clear();
        }
        foreach (var waiting in left)
            waiting.GiveUp();
    }

    /// <summary>Who waits for the answer to one call.</summary>
    private sealed class Waiting(long began, TimeSpan left, Task replaced, CancellationToken cancellation) : TaskCompletionSource<CallAnswer>
    {
        private long? _replacedAt;

        public bool IsOver(TimeProvider time, TimeSpan grace)
        {
            if (replaced.IsCompleted)
                _replacedAt ??= time.GetTimestamp();
            return cancellation.IsCancellationRequested
                || time.GetElapsedTime(began) >= left
                || _replacedAt is { } at && time.GetElapsedTime(at) >= grace;
        }

        public void GiveUp()
        {
            if (cancellation.IsCancellationRequested)
                ThreadPool.UnsafeQueueUserWorkItem(static waiting => waiting.Cancel(), this, preferLocal: false);
            else
                Completions<CallAnswer>.Complete(this, new CallAnswer(CallFate.Unknown));
        }

        private void Cancel() => TrySetCanceled(cancellation);
    }
}
