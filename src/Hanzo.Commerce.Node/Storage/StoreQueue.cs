using System.Threading.Channels;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// What waits for the writer, within a bound, and gathered: whoever was answered by one commit mostly comes again at once. A
/// commit for the first of them alone would let all others wait for its fsync, and take a second one. So the writer waits a
/// moment until as many have come as it answered last; where they were few it never does.
/// </summary>
/// <param name="length">How many may wait; one more waits at its caller.</param>
/// <param name="moment">How long is waited for more at most; shorter than an fsync takes.</param>
internal sealed class StoreQueue(int length, TimeSpan moment)
{
    private const int Few = 8;

    private readonly Channel<StoreWork> _works = Channel.CreateBounded<StoreWork>(new BoundedChannelOptions(length) { SingleReader = true });

    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private int _wanted = int.MaxValue;
    private bool _isOver;

    public async ValueTask Put(StoreWork work, CancellationToken cancellation)
    {
        await _works.Writer.WriteAsync(work, cancellation);
        if (_works.Reader.Count < Volatile.Read(ref _wanted))
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }

    /// <summary>Takes no more.</summary>
    public void End()
    {
        _works.Writer.TryComplete();
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for something to do; false when there will be nothing more. For the writer's thread alone.</summary>
    /// <param name="answeredLast">How many its last commit answered.</param>
    public bool Wait(int answeredLast)
    {
        Wait(1, Timeout.InfiniteTimeSpan);
        if (answeredLast >= Few)
            Wait(answeredLast, moment);
        return _works.Reader.Count > 0;
    }

    public bool TryTake(out StoreWork work) => _works.Reader.TryRead(out work!);

    private void Wait(int wanted, TimeSpan atMost)
    {
        lock (_gate)
        {
            Volatile.Write(ref _wanted, wanted);
            // Whoever puts something in after it is counted here sees what is wanted.
            Interlocked.MemoryBarrier();
            while (_works.Reader.Count < wanted && !_isOver && Monitor.Wait(_gate, atMost))
            {
            }
            Volatile.Write(ref _wanted, int.MaxValue);
        }
    }
}
