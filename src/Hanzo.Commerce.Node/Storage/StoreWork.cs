namespace Hanzo.Commerce.Node.Storage;

/// <summary>Something that waits for the writer.</summary>
internal abstract class StoreWork
{
    /// <summary>Whether it may be answered before an fsync.</summary>
    public bool IsRelaxed { get; init; }

    /// <summary>Runs on the writer's thread; throws when it cannot be done, and then nothing of it is kept.</summary>
    public abstract void Run(StoreTransaction transaction);

    /// <summary>What was run is on disk. What follows may be run here, before this returns.</summary>
    public abstract void Complete();

    /// <summary>Nothing of it was kept. What follows is never run here.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>A change with an answer for its caller.</summary>
internal sealed class StoreWork<T>(Func<StoreTransaction, T> change) : StoreWork
{
    private readonly TaskCompletionSource<T> _done = new();
    private T _answer = default!;

    public Task<T> Done => _done.Task;

    public override void Run(StoreTransaction transaction) => _answer = change(transaction);

    public override void Complete() => _done.TrySetResult(_answer);

    public override void Fail(Exception reason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Done.TrySetException(failed.Reason), (Done: _done, Reason: reason), preferLocal: false);
}

/// <summary>Something that needs the connection while no transaction is open.</summary>
internal sealed class BetweenWork(Action<WriterStatements> act) : StoreWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Act(WriterStatements statements) => act(statements);

    public override void Run(StoreTransaction transaction) => throw new InvalidOperationException("This runs between transactions.");

    public override void Complete() => _done.TrySetResult();

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>The disk takes no more, or fails: nothing of the change was kept, and it may be tried again later.</summary>
internal sealed class StoreUnavailableException(string message, Exception inner) : IOException(message, inner);
