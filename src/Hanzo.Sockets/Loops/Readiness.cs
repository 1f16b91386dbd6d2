using System.Threading.Tasks.Sources;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// Whether a socket may have something to receive, or room to send, as far as was told. The system tells of a change once:
/// what was told is kept until somebody has used it up, so nothing is asked of the system that is already known.
/// One thread tells, one at a time waits.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int NotReady = 0;
    private const int Ready = 1;
    private const int Awaited = 2;
    private const int Closed = 3;

    private ManualResetValueTaskSourceCore<bool> waiting;
    private int state;

    /// <summary>Whether waiting would end at once.</summary>
    public bool IsReady => Volatile.Read(ref state) is Ready or Closed;

    /// <summary>Waits until ready or closed; who waited goes on on the thread that tells (<see cref="SocketEngine.IsInline"/>), or, when closed, on one of the pool.</summary>
    /// <exception cref="InvalidOperationException">Another one waits already.</exception>
    public ValueTask WaitAsync()
    {
        var seen = Volatile.Read(ref state);
        if (seen is Ready or Closed) return default;
        if (seen == Awaited) throw new InvalidOperationException("Another one waits for this socket already.");
        waiting.Reset();
        return Interlocked.CompareExchange(ref state, Awaited, NotReady) == NotReady ? new(this, waiting.Version) : default;
    }

    /// <summary>Takes back that it is ready, before it is used up: what comes meanwhile is told again.</summary>
    public void Clear()
    {
        if (Volatile.Read(ref state) == Ready) Interlocked.CompareExchange(ref state, NotReady, Ready);
    }

    /// <summary>Says that it was not used up.</summary>
    public void Keep() => Interlocked.CompareExchange(ref state, Ready, NotReady);

    /// <summary>Tells that it is ready.</summary>
    public void Tell()
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            if (seen is Ready or Closed) return;
            if (Interlocked.CompareExchange(ref state, Ready, seen) != seen) continue;
            if (seen == Awaited && SocketEngine.IsInline) waiting.SetResult(true);
            else if (seen == Awaited) GoOnInPool();
            return;
        }
    }

    /// <summary>Ready for good: whoever uses the socket learns that it is closed.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref state, Closed) == Awaited) GoOnInPool();
    }

    private void GoOnInPool() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.waiting.SetResult(true), this, preferLocal: false);

    void IValueTaskSource.GetResult(short token) => waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => waiting.OnCompleted(continuation, state, token, flags);
}
