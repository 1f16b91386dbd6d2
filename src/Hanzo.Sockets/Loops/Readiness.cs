using System.Threading.Tasks.Sources;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// Whether a socket may have something to receive, or room to send, as far as was told. The system tells of a change once:
/// what was told is kept until somebody has used it up, so nothing is asked of the system that is already known.
/// One at a time waits.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int NotReady = 0;
    private const int Ready = 1;
    private const int Awaited = 2;
    private const int Closed = 3;

    private ManualResetValueTaskSourceCore<bool> waiting;
    private Action? next;
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

    /// <summary>As <see cref="WaitAsync"/>, for who calls the same again and again; false where there is nothing to wait for.</summary>
    public bool TryWait(Action goOn)
    {
        if (Volatile.Read(ref state) is Ready or Closed) return false;
        next = goOn;
        if (Interlocked.CompareExchange(ref state, Awaited, NotReady) == NotReady) return true;
        next = null;
        return false;
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
        if (!IsAwaitedNoMore()) return;
        if (SocketEngine.IsInline) GoOn();
        else GoOnInPool();
    }

    /// <summary>Lets who waits go on, on a thread of the pool, though there may be nothing.</summary>
    public void Wake()
    {
        if (IsAwaitedNoMore()) GoOnInPool();
    }

    /// <summary>Ready for good: whoever uses the socket learns that it is closed.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref state, Closed) == Awaited) GoOnInPool();
    }

    // Whether there was somebody who waited.
    private bool IsAwaitedNoMore()
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            if (seen is Ready or Closed) return false;
            if (Interlocked.CompareExchange(ref state, Ready, seen) == seen) return seen == Awaited;
        }
    }

    private void GoOnInPool() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.GoOn(), this, preferLocal: false);

    private void GoOn()
    {
        if (next is not { } action)
        {
            waiting.SetResult(true);
            return;
        }
        next = null;
        action();
    }

    void IValueTaskSource.GetResult(short token) => waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => waiting.OnCompleted(continuation, state, token, flags);
}
