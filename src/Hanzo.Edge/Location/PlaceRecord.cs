using Hanzo.Edge.Location.Mmdb;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>
/// Reads the place out of one database record. GeoIP2, GeoLite2 and what imitates them nest it (<c>country.iso_code</c>,
/// <c>continent.code</c>, <c>location.latitude</c>); DB-IP's own files are flat (<c>country_code</c>, <c>latitude</c>).
/// </summary>
internal static class PlaceRecord
{
    /// <summary>The place a checked record speaks of; <see cref="Place.Nowhere"/> where it says nothing about one.</summary>
    /// <param name="data">The data section.</param>
    /// <param name="offset">Where the record starts.</param>
    /// <param name="place">The place. What a record leaves out is filled from <see cref="CountryTable"/>.</param>
    /// <returns>What is wrong with the record, or null.</returns>
    public static string? Read(MmdbData data, int offset, out Place place)
    {
        place = Place.Nowhere;
        var record = data.Read(offset);
        if (record.Type != MmdbType.Map)
        {
            return $"a record that is no map at data offset {offset}";
        }

        var location = data.Find(record, "location"u8);
        var latitude = data.Number(data.Find(location.Type == MmdbType.Map ? location : record, "latitude"u8));
        var longitude = data.Number(data.Find(location.Type == MmdbType.Map ? location : record, "longitude"u8));
        var country = Code(data.Text(data.Find(data.Find(record, "country"u8), "iso_code"u8)) ?? data.Text(data.Find(record, "country_code"u8)));
        var continent = Code(data.Text(data.Find(data.Find(record, "continent"u8), "code"u8)) ?? data.Text(data.Find(record, "continent_code"u8)));
        GeoPoint? point = latitude is { } north && longitude is { } east ? new GeoPoint(north, east) : null;
        if (point is { IsValid: false })
        {
            return $"coordinates beyond the Earth ({latitude}, {longitude}) at data offset {offset}";
        }

        if (country is not null || continent is not null || point is not null)
        {
            place = new(country, continent ?? CountryTable.Continent(country), point ?? CountryTable.Centroid(country));
        }

        return null;
    }

    private static string? Code(string? code)
        => code is { Length: 2 } && char.IsAsciiLetter(code[0]) && char.IsAsciiLetter(code[1]) ? code.ToUpperInvariant() : null;
}
