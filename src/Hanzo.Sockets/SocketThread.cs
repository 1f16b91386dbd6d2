using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hanzo.Sockets.Loops;

namespace Hanzo.Sockets;

/// <summary>The threads that serve sockets and, with inline completions (<see cref="SocketEngine"/>), run what waited for them.</summary>
public static class SocketThread
{
    /// <summary>As the runtime calls each of its own.</summary>
    public const string Name = ".NET Sockets";

    /// <summary>Whether this is one of them: all sockets that it serves wait for what it does.</summary>
    public static bool IsCurrent => Thread.CurrentThread.Name is Name or SocketLoop.ThreadName;

    /// <summary>What comes after it is done by a thread of the pool, where one of these would have done it: for what computes for long or may block.</summary>
    public static Leaving Leave() => default;

    /// <summary>Says in builds for development that what follows may block here.</summary>
    [Conditional("DEBUG")]
    public static void AssertLeft() => Debug.Assert(!IsCurrent, "This may block, and all sockets of the process would wait for it.");

    /// <summary>See <see cref="Leave"/>.</summary>
    public readonly struct Leaving : ICriticalNotifyCompletion
    {
        /// <summary>Itself.</summary>
        public Leaving GetAwaiter() => this;

        /// <summary>Whether there is nothing to leave.</summary>
        public bool IsCompleted => !IsCurrent;

        /// <summary>Nothing comes of it.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
    }
}
