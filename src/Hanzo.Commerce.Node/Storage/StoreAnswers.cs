namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Answers what is done on threads of the pool, several one after another: a commit answers a crowd at once, and to hand over and
/// wake a thread for each took longer than to go on with most.
/// </summary>
internal static class StoreAnswers
{
    /// <summary>How many wait for each other. What follows an answer does not block, and is short.</summary>
    private const int Portion = 8;

    /// <param name="works">Not changed any more.</param>
    public static void Complete(List<StoreWork> works)
    {
        for (var first = 0; first < works.Count; first += Portion)
            ThreadPool.UnsafeQueueUserWorkItem(new Some(works, first, Math.Min(works.Count, first + Portion)), preferLocal: false);
    }

    private sealed class Some(List<StoreWork> works, int first, int end) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = first; i < end; i++)
                works[i].Complete();
        }
    }
}
