using CsCheck;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class GeoPointTests
{
    // Distances on the WGS 84 ellipsoid, in km; the sphere is right within 0.5 %.
    [Theory]
    [InlineData("london", "paris", 344)]
    [InlineData("new-york", "london", 5585)]
    [InlineData("sydney", "singapore", 6301)]
    [InlineData("tokyo", "san-francisco", 8285)]
    [InlineData("santiago", "sydney", 11347)]
    [InlineData("johannesburg", "dubai", 6392)]
    public void Distances_between_cities_are_right_within_half_a_percent(string from, string to, double km) =>
        Assert.Equal(km, Cities.Location(from).DistanceKmTo(Cities.Location(to)), km * 0.005);

    [Fact]
    public void A_point_is_nowhere_from_itself_and_half_the_circumference_from_its_antipode()
    {
        var paris = Cities.Location("paris");

        Assert.Equal(0, paris.DistanceKmTo(paris));
        Assert.Equal(Math.PI * GeoPoint.EarthRadiusKm, paris.DistanceKmTo(new(-paris.Latitude, paris.Longitude - 180)), 0.001);
    }

    [Fact]
    public void The_date_line_is_not_far() =>
        Assert.Equal(111.2 * 2, new GeoPoint(0, 179).DistanceKmTo(new(0, -179)), 0.5);

    [Fact]
    public void Distance_is_the_same_both_ways_and_no_detour_is_shorter()
    {
        var point = Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180], (latitude, longitude) => new GeoPoint(latitude, longitude));
        Gen.Select(point, point, point).Sample((a, b, c) =>
        {
            Assert.Equal(a.DistanceKmTo(b), b.DistanceKmTo(a), 1e-6);
            Assert.True(a.DistanceKmTo(c) <= a.DistanceKmTo(b) + b.DistanceKmTo(c) + 1e-3);
        });
    }

    [Theory]
    [InlineData(90, 180, true)]
    [InlineData(-90, -180, true)]
    [InlineData(90.01, 0, false)]
    [InlineData(0, 180.01, false)]
    [InlineData(double.NaN, 0, false)]
    [InlineData(0, double.PositiveInfinity, false)]
    public void Coordinates_out_of_range_are_not_valid(double latitude, double longitude, bool valid) =>
        Assert.Equal(valid, new GeoPoint(latitude, longitude).IsValid);
}
