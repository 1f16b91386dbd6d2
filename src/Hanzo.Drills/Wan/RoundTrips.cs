using System.Collections.Frozen;
using System.Globalization;

namespace Hanzo.Drills.Wan;

/// <summary>Measured round-trip times between regions that have the names of a public cloud's.</summary>
internal static class RoundTrips
{
    private static readonly Lazy<FrozenDictionary<(string From, string To), double>> Known = new(Load);

    /// <summary>One way from one region to another: half of the round trip; zero where it is not known.</summary>
    public static TimeSpan OneWay(string from, string to) => TimeSpan.FromMilliseconds(Known.Value.GetValueOrDefault((from, to)) / 2);

    private static FrozenDictionary<(string From, string To), double> Load()
    {
        using var reader = new StreamReader(typeof(RoundTrips).Assembly.GetManifestResourceStream("region-rtt-ms.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Skip(1).Select(line => line.Split(','))
            .ToFrozenDictionary(cells => (cells[0], cells[1]), cells => double.Parse(cells[2], CultureInfo.InvariantCulture));
    }
}
