namespace Hanzo.Commerce.Node.Consensus;

/// <summary>
/// Tells those who wait what came of it, a few of them by one work item of the pool: to wake a thread for each costs more than
/// what most of them do next. They go on one after the other, and none on the thread that tells.
/// </summary>
internal sealed class Completions<T>
{
    /// <summary>Who waits in one work item. On many processors the others go on beside them.</summary>
    private const int Few = 8;

    private List<(TaskCompletionSource<T> Waiting, T Result)> _due = new(Few);

    /// <summary>Tells one at once, by a work item of its own.</summary>
    public static void Complete(TaskCompletionSource<T> waiting, T result) =>
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.waiting.TrySetResult(told.result), (waiting, result), preferLocal: false);

    public void Add(TaskCompletionSource<T> waiting, T result)
    {
        _due.Add((waiting, result));
        if (_due.Count == Few)
            Tell();
    }

    /// <summary>Tells those that were added.</summary>
    public void Tell()
    {
        if (_due.Count == 0)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static due =>
            {
                foreach (var (waiting, result) in due)
                    waiting.TrySetResult(result);
            },
            _due,
            preferLocal: false);
        _due = new(Few);
    }
}
