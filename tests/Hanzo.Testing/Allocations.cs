namespace Hanzo.Testing;

/// <summary>What a piece of code allocates.</summary>
public static class Allocations
{
    /// <summary>
    /// Bytes that <paramref name="work"/> allocates on this thread each time: the least of five. The runtime counts some
    /// to a thread of its own accord, when it compiles or replaces code and when another thread makes it collect in the middle.
    /// </summary>
    public static long Of(Action work) => Enumerable.Range(0, 5).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
