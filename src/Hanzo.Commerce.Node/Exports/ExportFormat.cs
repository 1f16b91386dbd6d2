using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hanzo.Commerce.Node.Serving;
using Parquet.Serialization;

namespace Hanzo.Commerce.Node.Exports;

/// <summary>How rows are written: NDJSON as they come, Parquet whole.</summary>
internal static class ExportFormat
{
    public const string NdJson = "application/x-ndjson";
    public const string Parquet = "application/vnd.apache.parquet";

    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteNdJson(IEnumerable<ExportRow> rows, HttpResponse response, CancellationToken cancellation)
    {
        var output = response.BodyWriter;
        using var writer = new Utf8JsonWriter(output, Options);
        var written = 0L;
        foreach (var row in rows)
        {
            Write(writer, row);
            writer.Flush();
            output.Write("\n"u8);
            written += writer.BytesCommitted;
            writer.Reset();
            if (written < FlushAt)
                continue;
            written = 0;
            await output.FlushAsync(cancellation);
            // Whoever reads as fast as this writes must not keep a thread from everybody else.
            await Task.Yield();
        }
        await output.FlushAsync(cancellation);
    }

    public static async Task WriteParquet(IEnumerable<ExportRow> rows, HttpResponse response, CancellationToken cancellation)
    {
        // A file ends with what says where everything in it is: it is made before it is sent.
        using var file = new MemoryStream();
        await await PoolThreads.Beside(() => ParquetSerializer.SerializeAsync(rows, file, cancellationToken: cancellation));
        response.ContentLength = file.Length;
        file.Position = 0;
        await file.CopyToAsync(response.Body, cancellation);
    }

    private static void Write(Utf8JsonWriter writer, ExportRow row)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence", row.Sequence);
        writer.WriteNumber("part", row.Part);
        writer.WriteString("at", Time(row.At));
        writer.WriteString("collection", row.Collection);
        writer.WriteString("key", row.Key);
        if (row.Event is not null)
        {
            writer.WriteString("event", row.Event);
            writer.WriteString("session", row.Session);
            if (row.User is not null)
                writer.WriteString("user", row.User);
            writer.WriteString("timestamp", Time(row.Timestamp!.Value));
            writer.WritePropertyName("properties");
            writer.WriteRawValue(row.Properties!);
        }
        writer.WriteEndObject();
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
