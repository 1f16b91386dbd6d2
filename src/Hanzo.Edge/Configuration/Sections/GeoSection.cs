using System.Text.RegularExpressions;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>Where the location table comes from.</summary>
internal static partial class GeoSection
{
    private static readonly Section Keys = new();

    private static readonly Key<string> Database = Keys.Required(
        "database", Scalars.Text("a path"), "Path of a GeoIP2, GeoLite2 or DB-IP database (City or Country, .mmdb), relative to this file.");

    private static readonly Key<string?> Sha256 = Keys.Optional(
        "sha256",
        Scalars.Text("a SHA-256 in hex", (scalar, _) => Hex().IsMatch(scalar.Text) ? scalar.Text.ToLowerInvariant() : ("is not a SHA-256", "64 hex digits, as sha256sum prints them"), "^[0-9a-fA-F]{64}$"),
        "SHA-256 that the database must have; another file is refused and the one in use is kept.");

    private static readonly Key<Place> DefaultPlace = Keys.Optional(
        "defaultPlace", PlaceSection.Shape, Place.Nowhere, "Where clients are taken to be that the database does not hold. Without it they go by weight and name.");

    private static readonly Key<TimeSpan> PollInterval = Keys.Optional(
        "pollInterval", Scalars.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), TimeSpan.FromSeconds(2), "How often the file is looked at for a new version.");

    /// <summary>`geo`: the options, and the place of clients that no table finds.</summary>
    public static Shape<(GeoOptions Options, Place DefaultPlace)> Shape { get; } = Keys.Builds(values =>
    {
        var path = values.Reading.FullPath(values.Get(Database));
        if (!File.Exists(path))
            values.Warn(Database, "there is no such file here now; the edge will not start without it");
        return (new GeoOptions { Database = path, Sha256 = values.Get(Sha256), PollInterval = values.Get(PollInterval) }, values.Get(DefaultPlace));
    });

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Hex();
}
