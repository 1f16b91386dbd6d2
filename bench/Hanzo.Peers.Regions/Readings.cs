using System.Globalization;
using System.Text;

namespace Hanzo.Peers.Regions;

/// <summary>What was measured over the WAN.</summary>
internal sealed class Readings
{
    private readonly List<(string What, string Bar, string Measured, bool IsHeld)> _rows = [];
    private readonly List<string> _figures = [];

    public bool IsHeld => _rows.All(row => row.IsHeld);

    public void Add(string what, string figure, double measured, double atMost, string unit = " ms")
    {
        _rows.Add((what, Text(atMost) + unit, Text(measured) + unit, measured <= atMost));
        _figures.Add($"{figure}={Text(measured)}");
    }

    public string Table()
    {
        var table = new StringBuilder("| | at most | measured | |\n| --- | ---: | ---: | --- |\n");
        foreach (var (what, bar, measured, isHeld) in _rows)
            table.Append(CultureInfo.InvariantCulture, $"| {what} | {bar} | {measured} | {(isHeld ? "held" : "**not held**")} |\n");
        return table.ToString();
    }

    public string Figures() => $"regions: {string.Join(' ', _figures)}\n";

    /// <summary>Of times in any order; the largest when there are few.</summary>
    public static double Percentile(IEnumerable<TimeSpan> times, int percent)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? double.PositiveInfinity : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)].TotalMilliseconds;
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
