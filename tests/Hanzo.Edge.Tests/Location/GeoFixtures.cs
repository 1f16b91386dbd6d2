using System.Globalization;
using System.Net;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.Mmdb;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Tests.Location;

/// <summary>Databases and located addresses that tests read.</summary>
internal static class GeoFixtures
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "geo");

    /// <summary>The database the product comes with.</summary>
    public static string EmbeddedDatabase { get; } = Path.Combine(AppContext.BaseDirectory, "hanzo-edge-city.mmdb");

    /// <summary>MaxMind's own test databases.</summary>
    public static string TestData(string name) => Path.Combine(Folder, "maxmind-test", "test-data", name);

    /// <summary>Every file that must be refused: MaxMind's collection of broken ones, and those of its test data that are broken or hold no places.</summary>
    public static IEnumerable<string> BrokenFiles =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "maxmind-test", "bad-data"), "*.mmdb", SearchOption.AllDirectories),
        TestData("GeoIP2-City-Test-Broken-Double-Format.mmdb"),
        TestData("GeoIP2-City-Test-Invalid-Node-Count.mmdb"),
        TestData("MaxMind-DB-test-broken-pointers-24.mmdb"),
        TestData("MaxMind-DB-test-broken-search-tree-24.mmdb"),
        TestData("MaxMind-DB-no-ipv4-search-tree.mmdb"),
        TestData("GeoLite2-ASN-Test.mmdb"),
    ];

    /// <summary>Addresses whose operators publish where they are.</summary>
    public static IEnumerable<(IPAddress Address, GeoPoint Location)> LocatedAddresses
        => File.ReadLines(Path.Combine(Folder, "located-prefixes.csv")).Skip(1).Select(line => line.Split(',')).Select(cells => (
            IPAddress.Parse(cells[0]),
            new GeoPoint(double.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture))));

    /// <summary>Compiles a database that must be sound.</summary>
    public static PlaceTable Compile(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(MmdbFile.TryOpen(bytes, out var file, out var fault), fault);
        Assert.True(PlaceTableCompiler.TryCompile(file, out var table, out fault), fault);
        return table;
    }

    /// <summary>The place of an address as the request path asks for it.</summary>
    public static Place PlaceOf(this PlaceTable table, IPAddress address)
        => table.Places[table.PlaceOf(EmbeddedIPv4.Unwrap(ClientKey.Of(address)))];

    /// <summary>The place of an address.</summary>
    public static Place PlaceOf(this PlaceTable table, string address) => table.PlaceOf(IPAddress.Parse(address));
}
