using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Configuration.Yaml;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>One of YARP's transforms, as YARP's own configuration writes it: <c>{ PathPrefix: /api }</c>. YARP's validator judges it.</summary>
internal sealed class TransformShape : Shape<IReadOnlyDictionary<string, string>>
{
    /// <summary>The key by which each of YARP's transforms is known.</summary>
    private static readonly string[] Known =
    [
        "PathPrefix", "PathRemovePrefix", "PathSet", "PathPattern", "QueryValueParameter", "QueryRouteParameter", "QueryRemoveParameter",
        "HttpMethodChange", "RequestHeadersCopy", "RequestHeaderOriginalHost", "RequestHeader", "RequestHeaderRouteValue",
        "RequestHeaderRemove", "RequestHeadersAllowed", "X-Forwarded", "Forwarded", "ClientCert", "ResponseHeadersCopy", "ResponseHeader",
        "ResponseHeaderRemove", "ResponseHeadersAllowed", "ResponseTrailersCopy", "ResponseTrailer", "ResponseTrailerRemove", "ResponseTrailersAllowed",
    ];

    private static readonly MapShape<string> Entries = new(Names.Free("word"), Scalars.AnyText("a value"), atLeast: 1);

    /// <inheritdoc/>
    public override string Phrase => "a transform of YARP";

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = Entries.Schema();
        schema["anyOf"] = new JsonArray([.. Known.Select(word => new JsonObject { ["required"] = new JsonArray(word) })]);
        return schema;
    }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, string> value)
    {
        value = null;
        if (!Entries.TryRead(node, reading, out var entries))
            return false;
        if (entries.GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            reading.Problems.Error(twice.Last().NameAt, $"{node.Subject}: '{twice.Last().Name}' stands twice; capitals do not count here", "keep one of them");
            return false;
        }
        var transform = entries.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        value = transform;
        if (!Known.Any(transform.ContainsKey))
        {
            var first = entries[0];
            reading.Problems.Error(first.NameAt, $"{node.Subject}: '{first.Name}' is no transform{Suggestion.DidYouMean(first.Name, Known)}", $"the transforms are {string.Join(", ", Known)}");
            return false;
        }
        if (WhatIsWrong(transform) is not { } wrong)
            return true;
        // YARP's message may quote a value; one that came from outside is not shown.
        var shown = ((YamlMapping)node).Entries.Any(entry => entry.Value is YamlScalar { Substituted: true }) ? "YARP does not take its values" : wrong;
        reading.Problems.Error(node.At, $"{node.Subject}: {shown}", "YARP's documentation of transforms names the keys and values of each");
        return false;
    }

    private static string? WhatIsWrong(Dictionary<string, string> transform)
    {
        try
        {
            if (transform.GetValueOrDefault("PathPattern") is { } pattern)
                RoutePatternFactory.Parse(pattern);
        }
        catch (RoutePatternException e)
        {
            return $"PathPattern is not a route pattern: {e.Message}";
        }
        return YarpRules.Judge(new RouteConfig { RouteId = "route", ClusterId = "route", Match = new RouteMatch { Path = "/{**rest}" }, Transforms = [transform] });
    }
}
