using System.Buffers;
using System.Globalization;
using System.Text;
using Hanzo.Edge.Proxying.Direct;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>
/// The head of a response as a client of HTTP/1.1 gets it, without what differs from request to request. An endpoint repeats its heads to
/// the letter: what was made of one is used again.
/// </summary>
internal sealed class ClientHead
{
    private readonly ArrayBufferWriter<byte> bytes = new(256);
    private int version;
    private bool isPlain;

    /// <summary>What was made last.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <summary>Whether the endpoint says when it answered.</summary>
    public bool HasDate { get; private set; }

    /// <summary>Makes it of <paramref name="head"/>; false where the response is one that is left to others.</summary>
    public bool TryMake(ResponseHead head)
    {
        if (version == head.Version) return isPlain;
        version = head.Version;
        bytes.ResetWrittenCount();
        HasDate = false;
        return isPlain = IsPlain(head) && Make(head);
    }

    // Content of a known length or in chunks, or none; and nothing that is the connection's own beside how it goes on.
    private static bool IsPlain(ResponseHead head) => head.Minor == 1
        && head.Status != StatusCodes.Status205ResetContent
        && !HeaderRules.Nominates(head.Connection)
        && (HasContent(head) ? head.Length >= 0 || head.IsChunked : !head.IsChunked);

    /// <summary>Whether a response to GET has content (RFC 9112 §6.3).</summary>
    public static bool HasContent(ResponseHead head) => ResponseFields.HasContent(HttpMethods.Get, head.Status);

    private bool Make(ResponseHead head)
    {
        Put("HTTP/1.1 "u8);
        Put(head.Status.ToString(CultureInfo.InvariantCulture));
        Put(" "u8);
        Put(head.Reason);
        Put("\r\n"u8);
        foreach (var field in head.Fields)
        {
            if (!Ascii.IsValid(field.Bytes)) return false;
            // A client of events waits for the head before any event.
            if (field.Name.Equals(HeaderNames.ContentType, StringComparison.OrdinalIgnoreCase) && field.Value.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)) return false;
            HasDate |= field.Name.Equals(HeaderNames.Date, StringComparison.OrdinalIgnoreCase);
            if (field.IsForClient && !field.IsEdges) Put(field.Bytes);
        }
        if (head.IsChunked) Put("Transfer-Encoding: chunked\r\n"u8);
        // A status that has no content has no length of it either (RFC 9110 §8.6).
        else if (head.Length >= 0 && head.Status != StatusCodes.Status204NoContent) Put($"Content-Length: {head.Length.ToString(CultureInfo.InvariantCulture)}\r\n");
        return Ascii.IsValid(head.Reason);
    }

    private void Put(ReadOnlySpan<byte> part) => bytes.Write(part);

    private void Put(string part) => Encoding.ASCII.GetBytes(part, bytes);
}
