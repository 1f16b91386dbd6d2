using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Takes one frame after the other out of a connection.</summary>
internal static class FrameReading
{
    /// <summary>The next frame; null where the connection ended before one was whole.</summary>
    /// <exception cref="IOException">A frame is longer than <paramref name="maxLength"/>.</exception>
    public static async ValueTask<(MessageKind Kind, int Shard, byte[] Content)?> Next(PipeReader input, int maxLength, CancellationToken closed)
    {
        while (true)
        {
            var read = await input.ReadAsync(closed);
            if (TryTake(read.Buffer, maxLength, out var frame, out var consumed))
            {
                input.AdvanceTo(consumed);
                return frame;
            }
            if (read.IsCompleted)
                return null;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> from, int maxLength, out (MessageKind, int, byte[]) frame, out SequencePosition consumed)
    {
        (frame, consumed) = (default, default);
        if (from.Length < MessageCodec.HeadLength)
            return false;
        Span<byte> head = stackalloc byte[MessageCodec.HeadLength];
        from.Slice(0, MessageCodec.HeadLength).CopyTo(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head) - 2;
        if (length < 0 || length > maxLength)
            throw new IOException($"a frame of {length} octets is too long");
        if (from.Length < MessageCodec.HeadLength + length)
            return false;
        frame = ((MessageKind)head[4], head[5], from.Slice(MessageCodec.HeadLength, length).ToArray());
        consumed = from.GetPosition(MessageCodec.HeadLength + length);
        return true;
    }
}
