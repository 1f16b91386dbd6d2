using System.Buffers;

namespace Hanzo.Sockets.Loops;

/// <summary>Blocks behind each other: filled at the end, given back from the beginning.</summary>
internal sealed class BlockChain(MemoryPool<byte> pool)
{
    // Made once: nearly everything fits into one block, which then is this one again.
    private readonly Block spare = new();

    /// <summary>The first block; null where there is none.</summary>
    public Block? First { get; private set; }

    /// <summary>The last block; null where there is none.</summary>
    public Block? Last { get; private set; }

    /// <summary>The last block, with room for <paramref name="least"/> bytes, and for one at least.</summary>
    public Block WithRoom(int least)
    {
        if (Last is null)
        {
            spare.Take(pool, least);
            First = Last = spare;
        }
        else if (Last.Room < Math.Max(least, 1))
        {
            var next = Block.Of(pool, least);
            Last.Append(next);
            Last = next;
        }
        return Last;
    }

    /// <summary>Gives the first block back.</summary>
    public void Drop()
    {
        var dropped = First!;
        First = dropped.Following;
        if (First is null) Last = null;
        dropped.GiveBack();
    }

    /// <summary>Gives all blocks back.</summary>
    public void Clear()
    {
        while (First is not null) Drop();
    }
}
