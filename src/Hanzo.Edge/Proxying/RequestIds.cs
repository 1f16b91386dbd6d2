using System.Buffers.Binary;

namespace Hanzo.Edge.Proxying;

/// <summary>Names requests. A trusted peer's name is kept, so that one name leads through the whole chain.</summary>
internal sealed class RequestIds(Spread spread)
{
    /// <summary>The field that carries it both ways.</summary>
    public const string Header = "Request-Id";

    /// <summary>Longer names of trusted peers are replaced: the field is written into every response and log.</summary>
    public const int MaxLength = 128;

    /// <summary>Names a request that no exchange is opened for, on its response.</summary>
    public HttpContext Name(HttpContext context)
    {
        context.Response.Headers[Header] = Of(context.Request, trusted: false);
        return context;
    }

    /// <summary>The id of a request: 16 hex digits where the edge names it, unique for as long as it runs.</summary>
    public string Of(HttpRequest request, bool trusted) =>
        trusted && request.Headers.TryGetValue(Header, out var said) && said.ToString() is { Length: > 0 and <= MaxLength } id ? id : Next();

    private string Next()
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, spread.Next());
        return Convert.ToHexStringLower(octets);
    }
}
