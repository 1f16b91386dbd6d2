using System.Net;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.Mmdb;
using Hanzo.Edge.Steering;
using MaxMind.Db;
using MaxMind.GeoIP2;
using Xunit.Abstractions;

namespace Hanzo.Edge.Tests.Location;

/// <summary>The compiled table says what MaxMind's own readers say of the same file.</summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private const int RandomAddresses = 1_000_000;

    private static readonly GeoPoint[] ThreeRegions = [new(39.04, -77.49), new(53.35, -6.26), new(1.35, 103.82)];

    private static readonly Lazy<PlaceTable> Embedded = new(() => GeoFixtures.Compile(File.ReadAllBytes(GeoFixtures.EmbeddedDatabase)));

    [Fact]
    public void It_agrees_with_MaxMind_about_a_million_random_addresses()
    {
        using var reader = new Reader(GeoFixtures.EmbeddedDatabase, FileAccessMode.Memory);
        var found = 0;
        foreach (var address in RandomIPv4().Take(RandomAddresses / 2).Concat(RandomIPv6().Take(RandomAddresses / 2)))
        {
            var expected = Ask(reader, address);
            var actual = Embedded.Value.PlaceOf(address);
            if (expected != actual)
            {
                Assert.Fail($"{address}: MaxMind says {expected}, the table {actual}");
            }

            found += actual == Place.Nowhere ? 0 : 1;
        }

        output.WriteLine($"{RandomAddresses:N0} random addresses agree, {found:N0} of them in the database");
        Assert.InRange(found, RandomAddresses / 3, RandomAddresses);
    }

    [Fact]
    public void It_agrees_with_MaxMind_about_every_located_address()
    {
        using var reader = new Reader(GeoFixtures.EmbeddedDatabase, FileAccessMode.Memory);
        Assert.All(GeoFixtures.LocatedAddresses, located => Assert.Equal(Ask(reader, located.Address), Embedded.Value.PlaceOf(located.Address)));
    }

    [Theory]
    [InlineData("GeoIP2-City-Test.mmdb")]
    [InlineData("GeoIP2-Country-Test.mmdb")]
    public void It_agrees_with_MaxMind_about_every_network_of_its_test_databases(string name)
    {
        using var reader = new Reader(GeoFixtures.TestData(name), FileAccessMode.Memory);
        var table = GeoFixtures.Compile(File.ReadAllBytes(GeoFixtures.TestData(name)));

        // Below 2001::/32 the file hangs the IPv4 tree once more, read as the address of the Teredo server; the edge wants the client's.
        var starts = reader.FindAll<Record>().Select(network => network.Start).Where(start => !IPNetwork.Parse("2001::/32").Contains(start)).ToList();
        Assert.NotEmpty(starts);
        Assert.All(starts, address =>
        {
            var unwrapped = Unwrapped(address);
            Assert.Equal(Ask(reader, unwrapped), table.PlaceOf(unwrapped));
        });
    }

    [Fact]
    public void It_finds_the_nearest_of_three_regions_at_least_as_often_as_MaxMind_asked_directly()
    {
        using var reader = new DatabaseReader(GeoFixtures.EmbeddedDatabase, FileAccessMode.Memory);
        var (all, byTable, byReader) = (0, 0, 0);
        foreach (var (address, location) in GeoFixtures.LocatedAddresses)
        {
            var right = Nearest(location);
            var asked = reader.TryCity(address, out var city) && city?.Location is { Latitude: { } latitude, Longitude: { } longitude }
                ? Nearest(new GeoPoint(latitude, longitude))
                : -1;
            all++;
            byTable += Embedded.Value.PlaceOf(address).Location is { } point && Nearest(point) == right ? 1 : 0;
            byReader += asked == right ? 1 : 0;
        }

        output.WriteLine($"nearest of three regions: table {100.0 * byTable / all:F2} %, MaxMind.GeoIP2 {100.0 * byReader / all:F2} % of {all:N0} located addresses");
        Assert.True(byTable >= byReader, $"{byTable} against {byReader} of {all}");
    }

    private static int Nearest(GeoPoint point) => Enumerable.Range(0, ThreeRegions.Length).MinBy(region => point.DistanceKmTo(ThreeRegions[region]));

    private static IEnumerable<IPAddress> RandomIPv4()
    {
        var random = new Random(20260605);
        while (true)
        {
            yield return new IPAddress(random.NextInt64(1L << 32));
        }
    }

    /// <summary>Half anywhere in global unicast space, half inside networks that the database knows: almost all of the space is empty.</summary>
    private static IEnumerable<IPAddress> RandomIPv6()
    {
        var random = new Random(20260606);
        var known = new NetworkStarts();
        Assert.True(MmdbFile.TryOpen(File.ReadAllBytes(GeoFixtures.EmbeddedDatabase), out var file, out _));
        Assert.Null(new MmdbTree(file).WalkIPv6(known));
        var bytes = new byte[16];
        while (true)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(0x20 | bytes[0] & 0x1F);
            yield return Unwrapped(new IPAddress(bytes));

            var network = random.Next(known.Starts.Count - 1);
            var size = known.Starts[network + 1] - known.Starts[network];
            var inside = known.Starts[network] + new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) % size;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, inside);
            yield return Unwrapped(new IPAddress(bytes));
        }
    }

    /// <summary>MaxMind is asked about the address the edge looks up: the IPv4 one inside a 6to4, Teredo or NAT64 address.</summary>
    private static IPAddress Unwrapped(IPAddress address)
    {
        var key = EmbeddedIPv4.Unwrap(ClientKey.Of(address));
        return key.IsIPv4 ? new IPAddress(key.IPv4 >> 24 | key.IPv4 >> 8 & 0xFF00 | key.IPv4 << 8 & 0xFF0000 | key.IPv4 << 24) : address;
    }

    private static Place Ask(Reader reader, IPAddress address)
    {
        var record = reader.Find<Record>(address);
        var country = record?.Country?.IsoCode;
        var continent = record?.Continent?.Code ?? CountryTable.Continent(country);
        GeoPoint? point = record?.Location is { Latitude: { } latitude, Longitude: { } longitude } ? new(latitude, longitude) : CountryTable.Centroid(country);
        return new(country, continent, point);
    }

    private sealed class NetworkStarts : INetworkVisitor
    {
        public List<UInt128> Starts { get; } = [];

        public void Empty(UInt128 start)
        {
        }

        public string? Found(UInt128 start, long dataOffset)
        {
            Starts.Add(start);
            return null;
        }
    }

    internal sealed class Record
    {
        [MapKey("country")]
        public CountryPart? Country { get; init; }

        [MapKey("continent")]
        public ContinentPart? Continent { get; init; }

        [MapKey("location")]
        public LocationPart? Location { get; init; }
    }

    internal sealed class CountryPart
    {
        [MapKey("iso_code")]
        public string? IsoCode { get; init; }
    }

    internal sealed class ContinentPart
    {
        [MapKey("code")]
        public string? Code { get; init; }
    }

    internal sealed class LocationPart
    {
        [MapKey("latitude")]
        public double? Latitude { get; init; }

        [MapKey("longitude")]
        public double? Longitude { get; init; }
    }
}
