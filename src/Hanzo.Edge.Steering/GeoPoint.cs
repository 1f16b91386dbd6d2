namespace Hanzo.Edge.Steering;

/// <summary>A point on the Earth in WGS 84 degrees.</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>Mean Earth radius in km (IUGG R1), the sphere on which distances are taken.</summary>
    public const double EarthRadiusKm = 6371.0088;

    /// <summary>Whether both coordinates are numbers inside their ranges.</summary>
    public bool IsValid => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;

    /// <summary>Great-circle distance in km, by the haversine formula: exact enough (0.5 %) for steering and stable for near points.</summary>
    public double DistanceKmTo(GeoPoint other)
    {
        var φ1 = double.DegreesToRadians(Latitude);
        var φ2 = double.DegreesToRadians(other.Latitude);
        var sinΔφ = Math.Sin((φ2 - φ1) / 2);
        var sinΔλ = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var h = sinΔφ * sinΔφ + Math.Cos(φ1) * Math.Cos(φ2) * sinΔλ * sinΔλ;
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
