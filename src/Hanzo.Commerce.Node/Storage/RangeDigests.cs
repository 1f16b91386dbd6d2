namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// One number for each key range that is the same wherever the same rows are: the sum of the rows' digests. It is kept up
/// with every commit, and read afresh from disk now and then, so that damage on disk shows as a difference to other nodes.
/// Only the writer's thread changes it.
/// </summary>
internal sealed class RangeDigests
{
    private readonly ulong[] _sums = new ulong[StoreKey.Ranges];
    private readonly bool[] _read = new bool[StoreKey.Ranges];

    /// <summary>The digest of a range, or null before it was read for the first time since the start.</summary>
    public ulong? this[int range] => Volatile.Read(ref _read[range]) ? Volatile.Read(ref _sums[range]) : null;

    public void Changed(StoreKey key, ulong before, ulong after)
    {
        var range = key.Range;
        Volatile.Write(ref _sums[range], unchecked(_sums[range] - before + after));
    }

    /// <summary>Takes what is on disk. False when it is not what was summed up since the last time.</summary>
    public bool Read(int range, ulong sum)
    {
        var agrees = !_read[range] || _sums[range] == sum;
        Volatile.Write(ref _sums[range], sum);
        Volatile.Write(ref _read[range], true);
        return agrees;
    }
}
