namespace Hanzo.Drills.Traffic;

/// <summary>Somebody who shops: an address, and where its operator says that it is.</summary>
/// <param name="Country">ISO 3166-1.</param>
/// <param name="Continent">AF, AS, EU, NA, OC or SA.</param>
internal sealed record Customer(string Address, string Country, string Continent, double Latitude, double Longitude)
{
    public bool IsIPv4 => !Address.Contains(':');

    /// <summary>The great-circle distance to a place in degrees, by the haversine formula on a sphere.</summary>
    public double KilometresTo(double latitude, double longitude)
    {
        const double EarthRadius = 6371;
        var (north, east) = (Radians(latitude - Latitude), Radians(longitude - Longitude));
        var chord = Math.Pow(Math.Sin(north / 2), 2) + Math.Cos(Radians(Latitude)) * Math.Cos(Radians(latitude)) * Math.Pow(Math.Sin(east / 2), 2);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(chord)));

        static double Radians(double degrees) => degrees * Math.PI / 180;
    }
}
