using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Gathers those who wait with what came of it, and has a few of them at a time told (<see cref="PoolThreads"/>).</summary>
internal sealed class Completions<T>
{
    private List<(TaskCompletionSource<T> Waiting, T Result)> _due = new(PoolThreads.Few);

    /// <summary>Tells one at once, by a work item of its own.</summary>
    public static void Complete(TaskCompletionSource<T> waiting, T result) =>
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.waiting.TrySetResult(told.result), (waiting, result), preferLocal: false);

    public void Add(TaskCompletionSource<T> waiting, T result)
    {
        _due.Add((waiting, result));
        if (_due.Count == PoolThreads.Few)
            Tell();
    }

    /// <summary>Tells those that were added.</summary>
    public void Tell()
    {
        if (_due.Count == 0)
            return;
        PoolThreads.Tell(_due, static told => told.Waiting.TrySetResult(told.Result));
        _due = new(PoolThreads.Few);
    }
}
