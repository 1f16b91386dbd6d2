using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Shapes;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>`match`: which requests a route takes, in YARP's words.</summary>
internal static class MatchSection
{
    private static readonly ListShape<string> Words = new(Scalars.AnyText("a value"), atLeast: 1);

    private static readonly Section HeaderKeys = new();
    private static readonly Key<string> HeaderName = HeaderKeys.Required("name", Scalars.Text("a header name", (scalar, _) => IsToken(scalar.Text) ? scalar.Text : ("is not a header name", "letters, digits and hyphens, such as X-Tenant")), "Name of the header.");
    private static readonly Key<ImmutableArray<Located<string>>> HeaderValues = HeaderKeys.Optional("values", Words, [], "Values to compare with; one that fits is enough.");
    private static readonly Key<HeaderMatchMode> HeaderMode = HeaderKeys.Optional(
        "mode",
        Scalars.Choice(
            ("exact", HeaderMatchMode.ExactHeader), ("prefix", HeaderMatchMode.HeaderPrefix), ("contains", HeaderMatchMode.Contains),
            ("not-contains", HeaderMatchMode.NotContains), ("exists", HeaderMatchMode.Exists), ("not-exists", HeaderMatchMode.NotExists)),
        HeaderMatchMode.ExactHeader, "How they are compared.");
    private static readonly Key<bool> HeaderCase = HeaderKeys.Optional("caseSensitive", Scalars.Boolean, false, "Whether capitals count.");

    private static readonly Section QueryKeys = new();
    private static readonly Key<string> QueryName = QueryKeys.Required("name", Scalars.Text("a parameter name"), "Name of the query parameter.");
    private static readonly Key<ImmutableArray<Located<string>>> QueryValues = QueryKeys.Optional("values", Words, [], "Values to compare with; one that fits is enough.");
    private static readonly Key<QueryParameterMatchMode> QueryMode = QueryKeys.Optional(
        "mode",
        Scalars.Choice(
            ("exact", QueryParameterMatchMode.Exact), ("prefix", QueryParameterMatchMode.Prefix), ("contains", QueryParameterMatchMode.Contains),
            ("not-contains", QueryParameterMatchMode.NotContains), ("exists", QueryParameterMatchMode.Exists)),
        QueryParameterMatchMode.Exact, "How they are compared.");
    private static readonly Key<bool> QueryCase = QueryKeys.Optional("caseSensitive", Scalars.Boolean, false, "Whether capitals count.");

    private static readonly ScalarShape<string> HostShape = Scalars.Text("a host, such as api.example.com or *.example.com:8443", (scalar, _) => WrongHost(scalar.Text) is { } wrong ? wrong : scalar.Text);
    private static readonly ScalarShape<string> MethodShape = Scalars.Text("an HTTP method, such as GET", (scalar, _) => WrongMethod(scalar.Text) is { } wrong ? wrong : scalar.Text);

    private static readonly Section Keys = new();
    private static readonly Key<string?> Host = Keys.Optional("host", HostShape, "The one host; `hosts` takes several.");
    private static readonly Key<ImmutableArray<Located<string>>> Hosts = Keys.Optional("hosts", new ListShape<string>(HostShape, atLeast: 1), [], "Hosts, with a port where it counts; `*.` in front takes every subdomain. Without it, every host.");
    private static readonly Key<string?> Path = Keys.Optional("path", Scalars.Text("a route pattern, such as /v1/{**rest}", (scalar, _) => ParsePath(scalar.Text), "^/"), "Pattern of the path in ASP.NET's route syntax. Without it, every path.");
    private static readonly Key<ImmutableArray<Located<string>>> Methods = Keys.Optional("methods", new ListShape<string>(MethodShape, atLeast: 1), [], "HTTP methods. Without it, every method.");
    private static readonly Key<ImmutableArray<Located<RouteHeader>>> Headers = Keys.Optional("headers", new ListShape<RouteHeader>(HeaderKeys.Builds(BuildHeader), atLeast: 1), [], "Headers the request must have; all of them.");
    private static readonly Key<ImmutableArray<Located<RouteQueryParameter>>> Query = Keys.Optional("query", new ListShape<RouteQueryParameter>(QueryKeys.Builds(BuildQuery), atLeast: 1), [], "Query parameters the request must have; all of them.");

    /// <summary>The section.</summary>
    public static Shape<RouteMatch> Shape { get; } = Keys.Builds(values =>
    {
        if (!values.Written(Host) && !values.Written(Hosts) && !values.Written(Path))
            values.Error(Path, "the match has neither `path` nor `hosts`", "write path: \"/{**rest}\" to take every request");
        if (values.Written(Host) && values.Written(Hosts))
            values.Error(Host, "`host` and `hosts` stand side by side", "put them all under `hosts`");
        return new RouteMatch
        {
            Path = values.Get(Path),
            Hosts = values.Get(Host) is { } host ? [host] : Plain(values.Get(Hosts)),
            Methods = Plain(values.Get(Methods)),
            Headers = Plain(values.Get(Headers)),
            QueryParameters = Plain(values.Get(Query)),
        };
    });

    private static RouteHeader BuildHeader(Values values)
    {
        var mode = values.Get(HeaderMode);
        CheckValues(values, HeaderValues, needed: mode is not (HeaderMatchMode.Exists or HeaderMatchMode.NotExists));
        return new RouteHeader { Name = values.Get(HeaderName), Values = Plain(values.Get(HeaderValues)), Mode = mode, IsCaseSensitive = values.Get(HeaderCase) };
    }

    private static RouteQueryParameter BuildQuery(Values values)
    {
        var mode = values.Get(QueryMode);
        CheckValues(values, QueryValues, needed: mode is not QueryParameterMatchMode.Exists);
        return new RouteQueryParameter { Name = values.Get(QueryName), Values = Plain(values.Get(QueryValues)), Mode = mode, IsCaseSensitive = values.Get(QueryCase) };
    }

    private static void CheckValues(Values values, Key key, bool needed)
    {
        if (needed && !values.Written(key))
            values.Error(key, "there is nothing to compare with", "add `values: [...]`, or `mode: exists`");
        if (!needed && values.Has(key))
            values.Error(key, "this mode compares no values", "take `values` away, or choose another mode");
    }

    private static Parsed<string> ParsePath(string text)
    {
        if (!text.StartsWith('/'))
            return ("does not begin with '/'", $"write \"/{text}\"");
        try
        {
            RoutePatternFactory.Parse(text);
            return text;
        }
        catch (RoutePatternException e)
        {
            return ("is not a route pattern", e.Message);
        }
    }

    private static (string Wrong, string? Fix)? WrongHost(string host)
    {
        if (host.Contains("://", StringComparison.Ordinal) || host.Contains('/'))
            return ("is more than a host", "leave out scheme and path: api.example.com");
        if (host.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            return ("is in punycode, which requests are not compared with", "write the name in its own letters");
        if (host.LastIndexOf('*') is > 0 || (host.StartsWith('*') && host is not "*" && !host.StartsWith("*.", StringComparison.Ordinal)))
            return ("has a '*' where none can be", "'*.' in front of a domain takes its subdomains");
        if (host.Any(c => char.IsWhiteSpace(c) || c is ',' or '@'))
            return ("is not a host", "one host an item: api.example.com");
        return null;
    }

    private static (string Wrong, string? Fix)? WrongMethod(string method)
        => !IsToken(method) ? ("is not an HTTP method", "one an item: GET, POST")
            : method.Any(char.IsAsciiLetterLower) ? ("is not in capitals", $"write {method.ToUpperInvariant()}")
            : null;

    /// <summary>A token of RFC 9110 §5.6.2.</summary>
    private static bool IsToken(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));

    private static T[]? Plain<T>(ImmutableArray<Located<T>> located) => located.IsEmpty ? null : [.. located.Select(one => one.Value)];
}
