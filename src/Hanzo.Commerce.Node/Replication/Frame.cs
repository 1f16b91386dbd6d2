using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>What nodes send each other in a stream.</summary>
internal enum FrameKind : byte
{
    /// <summary>Entries of one origin's log, one after another.</summary>
    Entries = 1,

    /// <summary>Where the sender stands: its vector, on disk, and its hybrid logical time.</summary>
    Position = 2,

    /// <summary>The log no longer holds what the follower needs: it has to take a snapshot.</summary>
    Cut = 3,

    /// <summary>Rows of state.</summary>
    Rows = 4,

    /// <summary>Nothing more comes, and nothing is missing.</summary>
    End = 5,

    /// <summary>Key ranges, each with its digest.</summary>
    Digests = 6,
}

/// <summary>
/// One frame: length of what follows the header, kind, whether it is compressed and to what size it grows; little endian.
/// Lengths are checked before anything is allocated for them.
/// </summary>
internal static class Frame
{
    /// <summary>No frame is larger, compressed or not.</summary>
    public const int MaxSize = 4 << 20;

    private const int Header = 9;

    /// <summary>Below this the bytes saved are not worth the work.</summary>
    private const int WorthCompressing = 512;

    public static void Write(PipeWriter writer, FrameKind kind, ReadOnlySpan<byte> content)
    {
        var span = writer.GetSpan(Header + content.Length);
        var length = content.Length;
        var compressed = length >= WorthCompressing
            && BrotliEncoder.TryCompress(content, span.Slice(Header, content.Length), out length, quality: 1, window: 18)
            && length < content.Length;
        if (!compressed)
        {
            content.CopyTo(span[Header..]);
            length = content.Length;
        }
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        span[4] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(span[5..], compressed ? content.Length : 0);
        writer.Advance(Header + length);
    }

    /// <summary>The next frame, or null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame.</exception>
    public static async ValueTask<(FrameKind Kind, byte[] Content)?> Read(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (TryTake(ref buffer, out var kind, out var content))
            {
                reader.AdvanceTo(buffer.Start);
                return (kind, content);
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return buffer.IsEmpty ? null : throw new InvalidDataException("The stream ends inside a frame.");
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out FrameKind kind, out byte[] content)
    {
        (kind, content) = (default, []);
        if (buffer.Length < Header)
            return false;
        Span<byte> header = stackalloc byte[Header];
        buffer.Slice(0, Header).CopyTo(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        var grown = BinaryPrimitives.ReadInt32LittleEndian(header[5..]);
        if (length is < 0 or > MaxSize || grown is < 0 or > MaxSize)
            throw new InvalidDataException($"A frame of {length} bytes that grows to {grown} is larger than frames are.");
        if (buffer.Length < Header + length)
            return false;
        kind = (FrameKind)header[4];
        content = buffer.Slice(Header, length).ToArray();
        buffer = buffer.Slice(Header + length);
        if (grown > 0)
            content = Grow(content, grown);
        return true;
    }

    private static byte[] Grow(byte[] compressed, int size)
    {
        var content = new byte[size];
        return BrotliDecoder.TryDecompress(compressed, content, out var written) && written == size
            ? content
            : throw new InvalidDataException("A compressed frame is not what its header says.");
    }
}
