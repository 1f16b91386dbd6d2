namespace Hanzo.Commerce.Node.Serving;

/// <summary>
/// How a node uses threads. What goes on with a request are many short steps. The pool wakes another of its threads for what
/// is queued while one is at work, up to as many as there are processors, and on one or two processors that costs more than
/// the steps do: the threads of the shards, of the store and of the sockets want those too.
/// </summary>
internal static class PoolThreads
{
    /// <summary>Above this many processors the pool is left as it is.</summary>
    private const int Few = 2;

    /// <summary>Lets the pool do with one thread as long as nothing waits for more than half a second; then it adds some by itself.</summary>
    public static void Spare()
    {
        if (Environment.ProcessorCount > Few)
            return;
        ThreadPool.GetMinThreads(out _, out var completions);
        ThreadPool.SetMinThreads(1, completions);
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
}
