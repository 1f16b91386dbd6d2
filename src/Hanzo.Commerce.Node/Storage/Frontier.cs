using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// How far the logs can be read here, from both sides: what is held is found by every read from now on, what is shown covers
/// every read until now. A commit can be read from disk before SQLite has returned from it, then from memory, and is held once
/// it is synced; in between the two differ. One thread commits, one syncs, any thread reads.
/// </summary>
internal sealed class Frontier(VersionVector held)
{
    private VersionVector _held = held;
    private VersionVector _shown = held;
    private VersionVector? _expected;

    public VersionVector Held => Volatile.Read(ref _held);

    public VersionVector Shown => Volatile.Read(ref _shown);

    /// <summary>A commit begins, after which the logs will stand there; null when it failed.</summary>
    public void Expect(VersionVector? next) => Volatile.Write(ref _expected, next);

    /// <summary>The commit is in the file, and memory follows.</summary>
    public void Show(VersionVector next)
    {
        Volatile.Write(ref _shown, next);
        Volatile.Write(ref _expected, null);
    }

    /// <summary>Memory has all of it, and it is on disk.</summary>
    public void Hold(VersionVector next) => Volatile.Write(ref _held, next);

    /// <summary>
    /// Something was read from disk: perhaps already what is being committed. Where that then fails, too much was said to have
    /// been seen, which makes a client wait once; too little would let it find less than it read.
    /// </summary>
    public void ReadFromDisk()
    {
        if (Volatile.Read(ref _expected) is not { } expected)
            return;
        for (var shown = Shown; !shown.Covers(expected);)
        {
            var before = Interlocked.CompareExchange(ref _shown, expected, shown);
            if (ReferenceEquals(before, shown))
                return;
            shown = before;
        }
    }
}
