using System.Buffers;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Configuration;

namespace Hanzo.Edge.Explaining;

/// <summary>Answers a file of addresses: one JSON object a line, in the order of the file (NDJSON).</summary>
internal static class AddressFile
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>
    /// Explains every line of <paramref name="addresses"/> over one snapshot. A line that is no address is answered by an
    /// object with <c>error</c> in its place, so that line N of the answer always speaks of line N of the file; empty
    /// lines are passed over.
    /// </summary>
    public static async Task ExplainAsync(Stream addresses, Stream answers, Explainer explainer, EdgeRoute route, CancellationToken cancellation)
    {
        using var reader = new StreamReader(addresses, leaveOpen: true);
        var buffer = new ArrayBufferWriter<byte>(2 * FlushBytes);
        await using var json = new Utf8JsonWriter(buffer);
        for (var number = 1; await reader.ReadLineAsync(cancellation) is { } line; number++)
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty) continue;
            if (IPAddress.TryParse(text, out var client)) explainer.Write(json, client, route);
            else WriteRefusal(json, text, number);
            json.Flush();
            json.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < FlushBytes) continue;
            await answers.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }
        await answers.WriteAsync(buffer.WrittenMemory, cancellation);
    }

    private static void WriteRefusal(Utf8JsonWriter json, ReadOnlySpan<char> text, int line)
    {
        json.WriteStartObject();
        json.WriteString("client", text);
        json.WriteNull("region");
        json.WriteString("error", $"line {line} is not an IPv4 or IPv6 address");
        json.WriteEndObject();
    }
}
