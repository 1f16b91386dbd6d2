using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Api;

/// <summary>
/// Small JSON as bytes. A writer asks its buffer for 4 KB before the first value, a quarter of what a request allocated: so each
/// thread keeps one of both.
/// </summary>
internal static class JsonBytes
{
    /// <summary>A buffer that has grown larger is not kept.</summary>
    private const int MostKept = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <param name="write">Writes one value; must not come back here.</param>
    public static byte[] Of<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(8 * 1024);
        var writer = t_writer ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset();
        write(writer, value);
        writer.Flush();
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > MostKept)
            (t_buffer, t_writer) = (null, null);
        return bytes;
    }
}
