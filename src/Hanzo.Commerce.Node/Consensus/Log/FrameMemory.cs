namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// Where frames of late lie in memory, one behind the other: entries are kept for a while, and a few large arrays of them are
/// less to collect than one each.
/// </summary>
internal sealed class FrameMemory
{
    private const int BlockLength = 64 << 10;

    private Memory<byte> _free;

    /// <summary>Memory of its own for some frames, for as long as somebody refers to it.</summary>
    public Memory<byte> Take(int length)
    {
        if (length > _free.Length)
            _free = new byte[Math.Max(BlockLength, length)];
        var taken = _free[..length];
        _free = _free[length..];
        return taken;
    }
}
