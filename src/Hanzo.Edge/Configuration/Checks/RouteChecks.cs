using System.Text.RegularExpressions;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Routes;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>
/// Routes that take the same requests: ASP.NET would answer each of those with 500. Two routes are the same where their patterns
/// differ in the names of parameters only, they share a host and a method, and ask the same of headers and query.
/// </summary>
internal static partial class RouteChecks
{
    public static void Tell(EdgeFile file, ProblemList problems)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < file.Routes.Length; i++)
        {
            var route = file.Routes[i];
            if (!names.Add(route.Name))
                problems.Error(route.NameAt, $"routes.{route.Name}: another route has this name in other capitals", "routes are told apart without capitals; choose another name");
            TellAlike(file.Routes[i], file.Routes.AsSpan(0, i), problems);
            TellRefused(route, problems);
        }
    }

    private static void TellAlike(Entry<EdgeRoute> route, ReadOnlySpan<Entry<EdgeRoute>> before, ProblemList problems)
    {
        foreach (var other in before)
        {
            if (!TakeTheSame(route.Value.Route.Match, other.Value.Route.Match))
                continue;
            var (order, otherOrder) = (route.Value.Route.Order ?? 0, other.Value.Route.Order ?? 0);
            if (order == otherOrder)
                problems.Error(route.NameAt, $"routes.{route.Name}: matches the same requests as '{other.Name}' on line {other.NameAt.Line}", "let host, path, methods, headers or query tell them apart, or give one the lower `order`");
            else if (Covers(order < otherOrder ? route : other, order < otherOrder ? other : route))
                problems.Warn((order < otherOrder ? other : route).NameAt, $"routes.{(order < otherOrder ? other : route).Name}: '{(order < otherOrder ? route : other).Name}' matches all its requests and has the lower order, so it is never taken");
        }
    }

    private static void TellRefused(Entry<EdgeRoute> route, ProblemList problems)
    {
        if (problems.Errors > 0)
            return;
        var named = route.Value.Route with { RouteId = route.Name, ClusterId = route.Name };
        var cluster = new ClusterConfig { ClusterId = route.Name, SessionAffinity = route.Value.Affinity };
        if (YarpRules.Judge(named) is { } wrong)
            problems.Error(route.NameAt, $"routes.{route.Name}: {WithoutValues(wrong)}");
        if (YarpRules.Judge(cluster) is { } wrongAffinity)
            problems.Error(route.NameAt, $"routes.{route.Name}: {WithoutValues(wrongAffinity)}");
    }

    /// <summary>YARP quotes values in its messages; they may have come from the environment.</summary>
    private static string WithoutValues(string message) => Quoted().Replace(message, "'...'");

    private static bool TakeTheSame(RouteMatch a, RouteMatch b)
        => Pattern(a.Path) == Pattern(b.Path) && Overlap(a.Hosts, b.Hosts) && Overlap(a.Methods, b.Methods) && Conditions(a).SetEquals(Conditions(b));

    private static bool Covers(Entry<EdgeRoute> winner, Entry<EdgeRoute> loser)
        => Holds(winner.Value.Route.Match.Hosts, loser.Value.Route.Match.Hosts) && Holds(winner.Value.Route.Match.Methods, loser.Value.Route.Match.Methods);

    private static bool Overlap(IReadOnlyList<string>? a, IReadOnlyList<string>? b)
        => (IsAny(a) && IsAny(b)) || (a is not null && b is not null && a.Intersect(b, StringComparer.OrdinalIgnoreCase).Any());

    private static bool Holds(IReadOnlyList<string>? all, IReadOnlyList<string>? part)
        => IsAny(all) || (!IsAny(part) && part!.All(one => all!.Contains(one, StringComparer.OrdinalIgnoreCase)));

    private static bool IsAny(IReadOnlyList<string>? list) => list is null or [];

    /// <summary>The pattern without the names of its parameters: what tells it apart from others. No path is a catch-all.</summary>
    private static string Pattern(string? path)
        => ParameterName().Replace((path ?? "/{**any}").TrimEnd('/'), match => match.Groups["stars"].Length > 0 ? "{**}" : "{" + match.Groups["rest"].Value + "}").ToUpperInvariant();

    private static HashSet<string> Conditions(RouteMatch match)
    {
        var headers = (match.Headers ?? []).Select(header => $"header {header.Name.ToUpperInvariant()} {header.Mode} {header.IsCaseSensitive} {Sorted(header.Values)}");
        var query = (match.QueryParameters ?? []).Select(parameter => $"query {parameter.Name.ToUpperInvariant()} {parameter.Mode} {parameter.IsCaseSensitive} {Sorted(parameter.Values)}");
        return [.. headers.Concat(query)];
    }

    private static string Sorted(IReadOnlyList<string>? values) => string.Join('\n', (values ?? []).Order(StringComparer.Ordinal));

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{(?<stars>\*{0,2})[^:=?{}]*(?<rest>[:=?]?[^{}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex ParameterName();
}
