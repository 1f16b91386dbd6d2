using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Hanzo.Edge.Proxying.Direct;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>Content that the edge frames itself, in chunks (RFC 9112 §7.1).</summary>
internal struct ChunkedContent : IContentWriter
{
    private bool hasTrailers;

    /// <inheritdoc/>
    public readonly void Write(PipeWriter client, ReadOnlySpan<byte> part)
    {
        Span<byte> size = stackalloc byte[10];
        part.Length.TryFormat(size, out var written, "x", CultureInfo.InvariantCulture);
        (size[written], size[written + 1]) = ((byte)'\r', (byte)'\n');
        client.Write(size[..(written + 2)]);
        client.Write(part);
        client.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    public void Tell(PipeWriter client, FieldLine trailer)
    {
        if (!hasTrailers) client.Write("0\r\n"u8);
        hasTrailers = true;
        client.Write(trailer.Bytes);
    }

    /// <inheritdoc/>
    public readonly void End(PipeWriter client) => client.Write(hasTrailers ? "\r\n"u8 : "0\r\n\r\n"u8);
}
