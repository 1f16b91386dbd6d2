namespace Hanzo.Commerce.Node.Machine;

/// <summary>The lines of a stream as they are, in UTF-8: a node with millions of rows starts a good deal sooner than by way of strings.</summary>
internal static class SnapshotLines
{
    private const int FirstLength = 1 << 20;

    public static void Read(Stream from, Action<ReadOnlySpan<byte>> take)
    {
        var buffer = new byte[FirstLength];
        var filled = 0;
        while (from.Read(buffer.AsSpan(filled)) is > 0 and var read)
        {
            filled += read;
            var taken = 0;
            while (buffer.AsSpan(taken, filled - taken).IndexOf((byte)'\n') is >= 0 and var length)
            {
                take(buffer.AsSpan(taken, length));
                taken += length + 1;
            }
            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }
        if (filled > 0)
            take(buffer.AsSpan(0, filled));
    }
}
