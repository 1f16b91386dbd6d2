using System.Text;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.Mmdb;

namespace Hanzo.Edge.Tests.Location;

public sealed class BrokenDatabaseTests
{
    public static TheoryData<string> BrokenFiles => [.. GeoFixtures.BrokenFiles.Select(path => Path.GetRelativePath(AppContext.BaseDirectory, path))];

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_broken_or_placeless_file_is_refused(string path)
        => Assert.NotNull(Refusal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, path))));

    [Theory]
    [InlineData("")]
    [InlineData("<!DOCTYPE html><html><body>Your download limit is reached</body></html>")]
    [InlineData("\u00ab\u00cd\u00efMaxMind.com")]
    public void A_file_of_another_kind_is_refused(string text)
        => Assert.Equal("not a MaxMind DB file, or a truncated one: it has no metadata at its end", Refusal(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        var whole = File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-City-Test.mmdb"));
        Assert.Null(Refusal(whole));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.True(Refusal(whole.AsMemory(0, length)) is not null, $"accepted {length} of {whole.Length} bytes");
        }
    }

    [Fact]
    public void A_file_without_its_beginning_is_refused()
    {
        var whole = File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-City-Test.mmdb"));
        Assert.All(Enumerable.Range(1, 2000), start => Assert.NotNull(Refusal(whole.AsMemory(start))));
    }

    [Fact]
    public void A_damaged_byte_anywhere_is_survived()
    {
        var whole = File.ReadAllBytes(GeoFixtures.TestData("GeoIP2-Country-Test.mmdb"));
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 3000; round++)
        {
            var damaged = whole.ToArray();
            for (var hits = random.Next(1, 5); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            refused += Refusal(damaged) is null ? 0 : 1;
        }

        Assert.InRange(refused, 1, 2999);
    }

    [Theory]
    [InlineData(91.0, 0.0)]
    [InlineData(0.0, -180.5)]
    [InlineData(double.NaN, 0.0)]
    [InlineData(0.0, double.PositiveInfinity)]
    public void Coordinates_that_are_not_on_the_Earth_refuse_the_file(double latitude, double longitude)
        => Assert.StartsWith("coordinates beyond the Earth", Refusal(new MmdbWriter().Add("1.0.0.0/8", MmdbWriter.City("FR", latitude, longitude)).ToArray()));

    [Fact]
    public void Pointers_that_multiply_into_billions_of_values_are_refused_in_little_time()
    {
        // Thirty maps, each naming the next one twice: 2^30 values in a few hundred bytes.
        var data = new List<byte>();
        for (var level = 1; level <= 30; level++)
        {
            var next = level * 9;
            data.AddRange([0xE2, 0x41, (byte)'a', (byte)(0x20 | next >> 8), (byte)next, 0x41, (byte)'b', (byte)(0x20 | next >> 8), (byte)next]);
        }

        data.Add(0xE0);
        var budget = 1_000_000L;
        Assert.Equal("pointers that stand for more values than the file could hold", new MmdbData(data.ToArray()).Check(0, ref budget));
    }

    private static string? Refusal(ReadOnlyMemory<byte> bytes)
        => MmdbFile.TryOpen(bytes, out var file, out var fault) && PlaceTableCompiler.TryCompile(file, out _, out fault) ? null : fault;
}
