using Microsoft.Extensions.Primitives;

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
        context.Response.Headers[Header] = Next();
        return context;
    }

    /// <summary>The id of a request: 16 hex digits where the edge names it, unique for as long as it runs.</summary>
    /// <param name="said">What the request says.</param>
    /// <param name="trusted">Whether its peer may name requests.</param>
    public string Of(StringValues said, bool trusted) => trusted && said.ToString() is { Length: > 0 and <= MaxLength } id ? id : Next();

    // By hand: the library's way is made for long values and showed in profiles.
    private string Next()
    {
        var number = spread.Next();
        Span<char> digits = stackalloc char[16];
        for (var at = digits.Length - 1; at >= 0; at--, number >>= 4) digits[at] = "0123456789abcdef"[(int)(number & 15)];
        return new string(digits);
    }
}
