using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>Carries the head of a response to the client.</summary>
internal static class ResponseFields
{
    /// <summary>Writes what the endpoint says, and what the edge says itself.</summary>
    /// <exception cref="InvalidFieldException">A value can't be written.</exception>
    public static void Write(Exchange exchange, HttpContext context, ResponseHead head)
    {
        var response = context.Response;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !ReasonPhrases.GetReasonPhrase(head.Status).Equals(head.Reason, StringComparison.Ordinal))
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = head.Reason;
        try
        {
            Copy(head, response.Headers);
        }
        catch (InvalidOperationException refused)
        {
            throw new InvalidFieldException(refused);
        }
        // A status that has no content has no length of it either (RFC 9110 §8.6).
        if (head.Length >= 0 && head.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent)) response.ContentLength = head.Length;
        EdgeTransformer.WriteOwn(exchange, context, head.Minor == 1 ? HttpVersion.Version11 : HttpVersion.Version10);
    }

    /// <summary>Whether a response to <paramref name="method"/> has content (RFC 9112 §6.3).</summary>
    public static bool HasContent(string method, int status) =>
        !HttpMethods.IsHead(method) && status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private static void Copy(ResponseHead head, IHeaderDictionary target)
    {
        StringValues connection = head.Connection;
        var nominates = head.Connection is not null && HeaderRules.Nominates(connection);
        // One bit a name: only where two fall on the same one are the names themselves compared.
        var seen = 0UL;
        var fields = head.Fields;
        for (var at = 0; at < fields.Length; at++)
        {
            var field = fields[at];
            if (!field.IsForClient || (nominates && HeaderRules.IsNominated(connection, field.Name))) continue;
            var mayRepeat = (seen & field.NameBit) != 0;
            seen |= field.NameBit;
            target[field.Name] = mayRepeat && IsRepeated(fields, at) ? StringValues.Concat(target[field.Name], field.Value) : field.Value;
        }
    }

    private static bool IsRepeated(ReadOnlySpan<FieldLine> fields, int at)
    {
        foreach (var before in fields[..at])
            if (before.Name.Equals(fields[at].Name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}

/// <summary>A field of a response that the client's server refuses to write.</summary>
internal sealed class InvalidFieldException(Exception refused) : Exception("A field of the response can't be passed on.", refused);
