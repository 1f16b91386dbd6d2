using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>Where a client is, as the file says it.</summary>
internal static class PlaceSection
{
    private static readonly Section Keys = new();
    private static readonly Key<string?> Country = Keys.Optional("country", Areas.Country, "Country of the clients.");
    private static readonly Key<string?> Continent = Keys.Optional("continent", Areas.Continent, "Continent of the clients.");
    private static readonly Key<GeoPoint?> Location = Keys.OptionalValue("location", LocationShape.Point, "Where they are; distances are taken from here.");

    /// <summary>A place.</summary>
    public static Shape<Place> Shape { get; } = Keys.Builds(values => new Place(values.Get(Country), values.Get(Continent), values.Get(Location)));
}
