namespace Hanzo.Commerce.Node.Serving;

/// <summary>How a node uses threads. What goes on with a request are many short steps; what is long would keep them waiting.</summary>
internal static class PoolThreads
{
    /// <summary>Does beside the pool what computes or waits for a disk for long: requests would wait for it.</summary>
    public static Task Beside(Action work) => Beside(() =>
    {
        work();
        return true;
    });

    /// <inheritdoc cref="Beside(Action)"/>
    public static Task<T> Beside<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
