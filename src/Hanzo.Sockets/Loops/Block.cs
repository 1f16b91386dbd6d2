using System.Buffers;

namespace Hanzo.Sockets.Loops;

/// <summary>A piece of memory that is filled from its beginning, and the next one behind it.</summary>
internal sealed class Block : ReadOnlySequenceSegment<byte>
{
    private IMemoryOwner<byte>? owner;
    private byte[]? array;
    private Memory<byte> whole;

    /// <summary>Bytes that are filled.</summary>
    public int End { get; private set; }

    /// <summary>Bytes that are not.</summary>
    public int Room => whole.Length - End;

    /// <summary>The block behind this one.</summary>
    public Block? Following => (Block?)Next;

    /// <summary>Takes memory from <paramref name="pool"/>, or, for more than that gives out, from the one that all share.</summary>
    public static Block Of(MemoryPool<byte> pool, int least)
    {
        var block = new Block();
        block.Take(pool, least);
        return block;
    }

    /// <summary>Takes memory anew, after <see cref="GiveBack"/>.</summary>
    public void Take(MemoryPool<byte> pool, int least)
    {
        if (least <= pool.MaxBufferSize) whole = (owner = pool.Rent(Math.Max(least, 1))).Memory;
        else whole = array = ArrayPool<byte>.Shared.Rent(least);
    }

    /// <summary>What is not filled.</summary>
    public Memory<byte> Free => whole[End..];

    /// <summary>What is not filled.</summary>
    public Span<byte> FreeSpan => whole.Span[End..];

    /// <summary>Says that <paramref name="count"/> more bytes are filled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for them.</exception>
    public void Fill(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Room, nameof(count));
        End += count;
        Memory = whole[..End];
    }

    /// <summary>Puts <paramref name="following"/> behind this one.</summary>
    public void Append(Block following)
    {
        following.RunningIndex = RunningIndex + End;
        Next = following;
    }

    /// <summary>Gives its memory back; it may take other memory then, at the beginning of another chain.</summary>
    public void GiveBack()
    {
        owner?.Dispose();
        if (array is not null) ArrayPool<byte>.Shared.Return(array);
        (owner, array, whole, Memory, End, Next, RunningIndex) = (null, null, default, default, 0, null, 0);
    }
}
