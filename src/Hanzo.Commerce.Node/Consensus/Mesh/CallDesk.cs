using System.IO.Pipelines;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Answers what another node asks of this one as a leader, over the connection on which it asks.</summary>
internal sealed class CallDesk(IMeshReceiver receiver)
{
    /// <summary>How long a connection whose listener stops still serves what came.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly FrameQueue _frames = new();
    private int _open;

    /// <summary>Sends answers until the connection is closed, or all are sent after <see cref="Finish"/>.</summary>
    public Task Send(PipeWriter output, CancellationToken closed) => _frames.Send(
        async (frames, cancellation) =>
        {
            if ((await output.WriteAsync(frames, cancellation)).IsCompleted)
                throw new IOException("the connection ended");
        },
        closed);

    public void Take(Call call)
    {
        Interlocked.Increment(ref _open);
        receiver.Called(call, answer =>
        {
            _frames.TryAdd((call.Number, answer), static (to, frame) => CallCodec.Write(to, frame.Number, frame.answer));
            Interlocked.Decrement(ref _open);
        });
    }

    /// <summary>Completes when all that came is answered, or that takes too long.</summary>
    public async Task Finish(TimeProvider time, CancellationToken closed)
    {
        var began = time.GetTimestamp();
        while (Volatile.Read(ref _open) > 0 && time.GetElapsedTime(began) < Farewell && !closed.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _frames.Complete();
    }
}
