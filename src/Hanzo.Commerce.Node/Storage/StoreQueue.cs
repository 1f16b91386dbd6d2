using System.Threading.Channels;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// What waits for the writer, within a bound, and gathered: what is committed now is synced only after the sync under way. While
/// that carries more than wait here, the writer waits for as many, or for its end, and no longer than a moment. So of a crowd one
/// half is run while the other is synced and answered, in few commits (ADR 0156); who comes alone never waits.
/// </summary>
/// <param name="length">How many may wait; one more waits at its caller.</param>
/// <param name="moment">How long is waited for more at most.</param>
/// <param name="unanswered">How many are committed and not yet synced.</param>
internal sealed class StoreQueue(int length, TimeSpan moment, Func<int> unanswered)
{
    /// <summary>What is wanted by nobody.</summary>
    private const int Nothing = int.MaxValue;

    private readonly Channel<StoreWork> _works = Channel.CreateBounded<StoreWork>(new BoundedChannelOptions(length) { SingleReader = true });

    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private int _wanted = Nothing;
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

    /// <summary>A sync has ended: fewer are unanswered.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            if (_wanted == Nothing)
                return;
            Volatile.Write(ref _wanted, Math.Max(1, Math.Min(_wanted, unanswered())));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for something to do; false when there will be nothing more. For the writer's thread alone.</summary>
    public bool Wait()
    {
        lock (_gate)
        {
            Wait(1, Timeout.InfiniteTimeSpan);
            Wait(unanswered(), moment);
        }
        return _works.Reader.Count > 0;
    }

    public bool TryTake(out StoreWork work) => _works.Reader.TryRead(out work!);

    private void Wait(int wanted, TimeSpan atMost)
    {
        Volatile.Write(ref _wanted, wanted);
        // Whoever puts something in after it is counted here sees what is wanted.
        Interlocked.MemoryBarrier();
        while (_works.Reader.Count < _wanted && !_isOver && Monitor.Wait(_gate, atMost))
        {
        }
        Volatile.Write(ref _wanted, Nothing);
    }
}
