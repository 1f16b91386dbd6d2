using System.Net;
using System.Numerics;
using CsCheck;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Location;

public sealed class PlaceTableTests
{
    [Theory]
    [InlineData(6, 24)]
    [InlineData(6, 28)]
    [InlineData(6, 32)]
    [InlineData(4, 24)]
    [InlineData(4, 28)]
    [InlineData(4, 32)]
    public void It_reads_every_record_size_of_both_IP_versions(int ipVersion, int recordSize)
    {
        var writer = new MmdbWriter(ipVersion, recordSize)
            .Add("0.0.0.0/1", MmdbWriter.City("FR", 48.85, 2.35))
            .Add("10.1.0.0/16", MmdbWriter.City("SG", 1.35, 103.82))
            .Add("200.7.7.7/32", MmdbWriter.City("BR", -23.5, -46.6));
        var table = GeoFixtures.Compile((ipVersion == 6 ? writer.Add("2001:db8::/32", MmdbWriter.City("IE", 53.35, -6.26)) : writer).ToArray());
        Assert.Equal(new Place("FR", "EU", new(48.85, 2.35)), table.PlaceOf("9.9.9.9"));
        Assert.Equal(new Place("SG", "AS", new(1.35, 103.82)), table.PlaceOf("10.1.255.255"));
        Assert.Equal(new Place("BR", "SA", new(-23.5, -46.6)), table.PlaceOf("200.7.7.7"));
        Assert.Equal(Place.Nowhere, table.PlaceOf("200.7.7.8"));
        Assert.Equal(ipVersion == 6 ? "IE" : null, table.PlaceOf("2001:db8::1").Country);
        Assert.Equal(Place.Nowhere, table.PlaceOf("2001:db9::1"));
    }

    [Fact]
    public void It_reads_the_flat_records_with_single_precision_that_DbIp_writes()
    {
        var table = GeoFixtures.Compile(new MmdbWriter().Add("80.0.0.0/8", MmdbWriter.DbIpCity("DE", 52.52f, 13.4f)).ToArray());
        Assert.Equal(new Place("DE", "EU", new(52.52f, 13.4f)), table.PlaceOf("80.1.2.3"));
    }

    [Fact]
    public void A_country_database_gets_the_coordinates_of_the_centroid_table()
    {
        var table = GeoFixtures.Compile(File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-Country-Test.mmdb")));
        Assert.Equal(new Place("GB", "EU", CountryTable.Centroid("GB")), table.PlaceOf("2.125.160.216"));
        Assert.True(CountryTable.Centroid("GB") is { } centroid && centroid.DistanceKmTo(new(52.5, -1.5)) < 150);
    }

    [Fact]
    public void Every_country_with_a_centroid_has_the_continent_that_MaxMind_gives_it()
    {
        Assert.All(CountryTable.Countries, country => Assert.NotNull(CountryTable.Continent(country)));
        var table = GeoFixtures.Compile(File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-City-Test.mmdb")));
        Assert.All(table.Places.Where(place => place.Country is not null), place => Assert.Equal(place.Continent, CountryTable.Continent(place.Country)));
    }

    [Fact]
    public void An_IPv6_address_finds_nothing_in_an_IPv4_file()
    {
        var table = GeoFixtures.Compile(new MmdbWriter(ipVersion: 4).Add("0.0.0.0/1", MmdbWriter.City("FR", 48.85, 2.35)).Add("128.0.0.0/1", MmdbWriter.City("FR", 48.85, 2.35)).ToArray());
        Assert.Equal(new PlaceMatch(Place.Unknown, 0), table.Find(ClientKey.Of(IPAddress.Parse("2a00:1450::1"))));
        Assert.Equal(new PlaceMatch(1, 0), table.Find(ClientKey.Of(IPAddress.Parse("200.1.1.1"))));
    }

    [Fact]
    public void In_a_file_without_an_IPv4_tree_IPv4_has_the_place_of_the_network_that_covers_it()
    {
        var table = GeoFixtures.Compile(new MmdbWriter().Add("::/64", MmdbWriter.City("JP", 35.7, 139.7)).ToArray());
        Assert.Equal("JP", table.PlaceOf("1.2.3.4").Country);
        Assert.Equal("JP", table.PlaceOf("::1").Country);
        Assert.Null(table.PlaceOf("2001:db8::").Country);
    }

    [Fact]
    public void Neighbouring_networks_of_the_same_place_are_one_range_and_one_prefix()
    {
        var writer = new MmdbWriter();
        foreach (var third in Enumerable.Range(0, 4))
        {
            writer.Add($"192.0.{third}.0/24", MmdbWriter.City("NL", 52.37, 4.9));
        }

        var table = GeoFixtures.Compile(writer.ToArray());
        Assert.Equal(new PlaceMatch(1, 22), table.Find(ClientKey.Of(IPAddress.Parse("192.0.2.77"))));
        Assert.Equal([("0.0.0.0", 0), ("192.0.0.0", 1), ("192.0.4.0", 0)], table.IPv4Runs.Select(run => (new IPAddress(IPAddress.HostToNetworkOrder((int)(uint)run.First) & 0xFFFFFFFFL).ToString(), run.Place)));
        Assert.Equal(2, table.Places.Length);
    }

    [Fact]
    public void Networks_cut_below_64_bits_keep_their_places_and_prefixes()
    {
        var table = GeoFixtures.Compile(new MmdbWriter()
            .Add("2001:db8::/32", MmdbWriter.City("NL", 52.37, 4.9))
            .Add("2001:db8:0:7::8000/113", MmdbWriter.City("SG", 1.35, 103.82))
            .Add("2001:db8:0:8::/127", MmdbWriter.City("US", 39, -77))
            .Add("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", MmdbWriter.City("BR", -23, -46)).ToArray());
        Assert.Equal(("NL", 64), Match("2001:db8:0:6:ffff::"));
        Assert.Equal(("NL", 113), Match("2001:db8:0:7::7fff"));
        Assert.Equal(("SG", 113), Match("2001:db8:0:7::ffff"));
        Assert.Equal(("NL", 112), Match("2001:db8:0:7::1:0"));
        Assert.Equal(("US", 127), Match("2001:db8:0:8::1"));
        Assert.Equal(("NL", 127), Match("2001:db8:0:8::2"));
        Assert.Equal(("NL", 64), Match("2001:db8:0:9::"));
        Assert.Equal(("BR", 127), Match("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        Assert.Equal((null, 127), Match("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffd"));

        // Walked in order, the runs say the same.
        var runs = table.IPv6Runs.ToList();
        Assert.Equal(runs.OrderBy(run => run.First), runs);
        Assert.All(runs, run => Assert.Equal(run.Place, table.Find(new(run.First)).Place));
        Assert.Equal(UInt128.Zero, runs[0].First);
        Assert.Equal(3, runs.Count(run => table.Places[run.Place].Country is "SG" or "US" or "BR"));

        (string? Country, int PrefixLength) Match(string address)
        {
            var match = table.Find(ClientKey.Of(IPAddress.Parse(address)));
            return (table.Places[match.Place].Country, match.PrefixLength);
        }
    }

    [Fact]
    public void A_database_of_more_places_than_two_bytes_count_keeps_them_apart()
    {
        const int Places = 70_000;
        var writer = new MmdbWriter(recordSize: 28);
        for (var place = 0; place < Places; place++)
        {
            writer.Add($"2a00:{place >> 16:x}:{place & 0xFFFF:x}::/48", MmdbWriter.City("FR", place / 1000.0, 2));
        }

        var table = GeoFixtures.Compile(writer.ToArray());
        Assert.Equal(Places + 1, table.Places.Length);
        Assert.All([0, 1, 65_533, 65_534, 65_535, 65_536, Places - 1], place =>
            Assert.Equal(place / 1000.0, table.PlaceOf($"2a00:{place >> 16:x}:{place & 0xFFFF:x}::1").Location?.Latitude));
        Assert.Equal(Place.Nowhere, table.PlaceOf("2a00:2::1"));
    }

    [Fact]
    public void The_prefix_is_the_widest_one_around_the_address_with_the_same_place()
    {
        // Networks crowded into one /12 and one /100, so that random addresses meet every kind of boundary.
        var network4 = Gen.Select(Gen.UInt[0, 1 << 20], Gen.Int[13, 32], Gen.Int[0, 2], (bits, length, place) => ($"{new IPAddress(Octets(0x0A000000 | bits >> (32 - length) << (32 - length)))}/{length}", place));
        var network6 = Gen.Select(Gen.UInt[0, 1 << 28], Gen.Int[50, 128], Gen.Int[0, 2], (bits, length, place) => ($"{new IPAddress(Octets((Base6 | (UInt128)bits << 50) >> (128 - length) << (128 - length)))}/{length}", place));
        Gen.Select(network4.Array[1, 12], network6.Array[1, 12], Gen.UInt[0, 1 << 20].Array[20], Gen.UInt[0, 1 << 28].Array[20]).Sample(
            (networks4, networks6, addresses4, addresses6) =>
            {
                var writer = new MmdbWriter();
                foreach (var (network, place) in networks4.Concat(networks6).DistinctBy(entry => entry.Item1))
                {
                    writer.Add(network, MmdbWriter.City("FR", place, place));
                }

                var table = GeoFixtures.Compile(writer.ToArray());
                var edges4 = networks4.SelectMany(entry => Edges(entry.Item1, 96)).ToArray();
                var edges6 = networks6.SelectMany(entry => Edges(entry.Item1, 0)).ToArray();
                foreach (var address in addresses4.Select(bits => ClientKey.Of(0x0A000000 | bits).Value).Concat(edges4))
                {
                    AssertWidest(table, address, 96, edges4);
                }

                foreach (var address in addresses6.Select(bits => Base6 | (UInt128)bits << 50).Concat(edges6))
                {
                    AssertWidest(table, address, 0, edges6);
                }
            },
            iter: 200,
            seed: "0000KOIPe9bd");
    }

    [Fact]
    public void Networks_far_apart_and_cut_finely_are_kept_as_well_as_neighbours()
    {
        // More of each kind than a leaf holds, and kinds in turns: /64s in a row, /32s in a row, and alone in all of the space.
        var networks = new List<IPNetwork>();
        for (ulong n = 0; n < 40; n++)
        {
            networks.Add(Of((0x2001_0DB8UL << 32) + n * (n % 3 + 1), 64));
            networks.Add(Of((0x2A00UL << 48) + (n << 33), 32));
            networks.Add(Of((0x3000UL << 48) + (n * n << 20) + n % 2, 64));
            networks.Add(Of((0x4000UL + n * 0x200) << 48, 23));
        }

        var writer = new MmdbWriter();
        networks = [.. networks.DistinctBy(network => network.BaseAddress)];
        for (var place = 0; place < networks.Count; place++) writer.Add(networks[place].ToString(), MmdbWriter.City("FR", place / 10.0, 2));
        var table = GeoFixtures.Compile(writer.ToArray());
        for (var place = 0; place < networks.Count; place++)
        {
            var first = ClientKey.Of(networks[place].BaseAddress).Value;
            var last = first | (UInt128.MaxValue >> networks[place].PrefixLength);
            Assert.All([first, last], address => Assert.Equal(place / 10.0, table.Places[table.PlaceOf(new(address))].Location?.Latitude));
            AssertWidest(table, first, 0, [.. networks.SelectMany(network => Edges(network.ToString(), 0))]);
        }

        Assert.All(table.IPv6Runs, run => Assert.Equal(run.Place, table.PlaceOf(new(run.First))));
        Assert.Equal(table.IPv6Runs.OrderBy(run => run.First), table.IPv6Runs);

        static IPNetwork Of(ulong upper, int length) => new(new IPAddress(Octets(new UInt128(upper, 0))), length);
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var table = GeoFixtures.Compile(File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-City-Test.mmdb")));
        var ipv4 = ClientKey.Of(IPAddress.Parse("2.125.160.216"));
        var ipv6 = ClientKey.Of(IPAddress.Parse("2001:218::1"));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                table.Find(ipv4);
                table.Find(ipv6);
                table.PlaceOf(ipv4);
                table.PlaceOf(ipv6);
            }
        }));
    }

    private static readonly UInt128 Base6 = new(0x2001_0DB8_0000_0000, 0);

    /// <summary>Inside the prefix no network begins or ends with another place, checked at every edge; one bit shorter, some does, or it is the whole space.</summary>
    private static void AssertWidest(PlaceTable table, UInt128 address, int offset, UInt128[] edges)
    {
        var match = table.Find(new(address));
        Assert.Equal(match.Place, table.PlaceOf(new(address)));
        var length = match.PrefixLength + offset;
        Assert.All(edges.Where(edge => Shares(edge, address, length)), edge => Assert.Equal(match.Place, table.Find(new(edge)).Place));
        Assert.True(
            match.PrefixLength == 0 || edges.Any(edge => Shares(edge, address, length - 1) && table.Find(new(edge)).Place != match.Place),
            $"{address:x} has /{match.PrefixLength}, but could have a wider one");
    }

    private static bool Shares(UInt128 one, UInt128 other, int bits) => bits == 0 || (int)UInt128.LeadingZeroCount(one ^ other) >= bits;

    /// <summary>The first and last address of a network and the ones just outside.</summary>
    private static IEnumerable<UInt128> Edges(string network, int offset)
    {
        var parsed = IPNetwork.Parse(network);
        var first = ClientKey.Of(parsed.BaseAddress).Value;
        var last = first + ((UInt128.One << (128 - offset - parsed.PrefixLength)) - 1);
        return [first - 1, first, last, last + 1];
    }

    private static byte[] Octets<T>(T value) where T : IBinaryInteger<T>
    {
        var octets = new byte[value.GetByteCount()];
        value.WriteBigEndian(octets);
        return octets;
    }
}
