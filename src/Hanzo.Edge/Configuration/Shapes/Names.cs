using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>Shapes of names that the file gives and uses.</summary>
internal static partial class Names
{
    private const string Pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

    /// <summary>A region that is described elsewhere in the file.</summary>
    public static ScalarShape<string> Region { get; } = new(
        "the name of a region",
        new JsonObject { ["type"] = "string", ["pattern"] = Pattern },
        (scalar, reading) =>
        {
            reading.MeansRegion(scalar.Text, scalar.Written, scalar.At, scalar.Subject);
            return scalar.Text;
        });

    /// <summary>Names given to regions.</summary>
    public static NameShape Given { get; } = new(
        "region",
        () => new JsonObject { ["pattern"] = Pattern },
        (entry, subject, reading) =>
        {
            if (!Name().IsMatch(entry.Key))
                reading.Problems.Error(entry.KeyAt, $"{subject}: '{entry.Key}' is not a name for a region", "1 to 63 lower-case letters, digits and hyphens, such as eu-west");
        });

    /// <summary>Regions named as the keys of a map.</summary>
    public static NameShape Meant { get; } = new(
        "region",
        () => new JsonObject { ["pattern"] = Pattern },
        (entry, subject, reading) => reading.MeansRegion(entry.Key, entry.Key, entry.KeyAt, subject));

    /// <summary>Names given to routes: they go into metrics, headers and URLs.</summary>
    public static NameShape Route { get; } = new(
        "route",
        () => new JsonObject { ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" },
        (entry, subject, reading) =>
        {
            if (!RouteName().IsMatch(entry.Key))
                reading.Problems.Error(entry.KeyAt, $"{subject}: '{entry.Key}' is not a name for a route", "1 to 63 letters, digits, '.', '_' and '-'");
        });

    /// <summary>Any name.</summary>
    public static NameShape Free(string word) => new(word, () => [], (_, _, _) => { });

    [GeneratedRegex(Pattern)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex RouteName();
}
