using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Hanzo.Commerce.Node.Api;

/// <summary>
/// Reads a request body as JSON without forgiving anything: invalid UTF-8, a member twice, a comment, a lone surrogate.
/// What one parser lets pass and the next refuses is how two systems come to disagree about an order.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The document, or the problem with it.</summary>
    public static async ValueTask<(JsonDocument? Document, Problem? Problem)> Read(HttpRequest request, bool takesAnyType = false)
    {
        if (!takesAnyType && request.ContentType != "application/json" && !request.HasJsonContentType())
            return (null, new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as application/json."));

        var document = Parse(await Whole(request));
        return document is null
            ? (null, new Problem(StatusCodes.Status400BadRequest, "malformed_json", "The body is not one JSON value in UTF-8 with every member named once."))
            : (document, null);
    }

    private static async ValueTask<byte[]> Whole(HttpRequest request)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
            {
                var whole = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return whole;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonDocument? Parse(byte[] utf8)
    {
        if (!Utf8.IsValid(utf8))
            return null;
        try
        {
            var document = JsonDocument.Parse(utf8, Options);
            // Without an escape every string is the text that it was sent as.
            if (!utf8.Contains((byte)'\\') || IsText(document.RootElement))
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate in a member name: it has no text to compare.
            return null;
        }
    }

    /// <summary>Whether every string and name is text: an escaped lone surrogate parses, and only reading it shows that it is none.</summary>
    private static bool IsText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString() is not null,
        JsonValueKind.Array => element.EnumerateArray().All(IsText),
        JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
        _ => true,
    };
}
