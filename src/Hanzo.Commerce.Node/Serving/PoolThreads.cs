namespace Hanzo.Commerce.Node.Serving;

/// <summary>How a node uses threads. What goes on with a request are many short steps; what is long would keep them waiting.</summary>
internal static class PoolThreads
{
    /// <summary>Who is told in one work item of the pool. On many processors the others go on beside them.</summary>
    public const int Few = 8;

    /// <summary>
    /// Tells those who wait, a few by one work item: to wake a thread for each costs more than what most of them do next. They go
    /// on one after the other, and none on the thread that tells; what they do is short and does not block.
    /// </summary>
    /// <param name="waiting">Not changed any more.</param>
    public static void Tell<T>(List<T> waiting, Action<T> tell)
    {
        for (var first = 0; first < waiting.Count; first += Few)
            ThreadPool.UnsafeQueueUserWorkItem(new Some<T>(waiting, first, Math.Min(waiting.Count, first + Few), tell), preferLocal: false);
    }

    /// <summary>Does beside the pool what computes or waits for a disk for long: requests would wait for it.</summary>
    public static Task Beside(Action work) => Beside(() =>
    {
        work();
        return true;
    });

    /// <inheritdoc cref="Beside(Action)"/>
    public static Task<T> Beside<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private sealed class Some<T>(List<T> waiting, int first, int end, Action<T> tell) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = first; i < end; i++)
                tell(waiting[i]);
        }
    }
}
