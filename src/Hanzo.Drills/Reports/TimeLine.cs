using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hanzo.Drills.Reports;

/// <summary>The two drawings of a report, second by second, with faults as shaded spans.</summary>
internal sealed class TimeLine(DrillReport report)
{
    private const int Width = 960;
    private const int Height = 220;
    private const int Left = 50;
    private const int Bottom = 24;

    private const string Missing = "none";
    private const string FailedColour = "#c62828";

    private static readonly string[] Colours = ["#1f77b4", "#2ca02c", "#ff9f1c", "#9467bd", "#17becf", "#8c564b", "#e377c2", "#bcbd22"];

    private readonly ImmutableArray<string> _regions = [.. report.Totals.ByRegion.Keys.Where(region => region != Missing)];

    private double Step => (Width - Left) / (double)Math.Max(1, report.Seconds.Length);

    /// <summary>Stacked bars: who answered, and on top in red what went in vain.</summary>
    public string Requests()
    {
        var most = Math.Max(1, report.Seconds.Max(second => second.Requests));
        var drawing = Open("requests", $"{most}", "0");
        foreach (var second in report.Seconds)
        {
            var below = 0.0;
            var answered = Math.Max(1, second.ByRegion.Where(region => region.Key != Missing).Sum(region => region.Value));
            foreach (var (region, count) in second.ByRegion.Where(region => region.Key != Missing))
                below = Bar(drawing, second.Second, below, count * (second.Requests - second.Failed) / (double)answered, most, ColourOf(region), region);
            Bar(drawing, second.Second, below, second.Failed, most, FailedColour, "in vain");
        }
        var keys = _regions.Select(region => (region, ColourOf(region))).Append(("in vain", FailedColour));
        return $"{Close(drawing)}<p>{string.Concat(keys.Select(key => $"<span class=\"key\"><i style=\"background:{key.Item2}\"></i>{HtmlReport.Text(key.Item1)}</span>"))}</p>\n";
    }

    /// <summary>A band from p50 to p99, and a line for the slowest; logarithmic, 1 ms to 10 s.</summary>
    public string Latency()
    {
        var drawing = Open("latency", "10 s", "1 ms");
        foreach (var (label, value) in new[] { ("10 ms", 10.0), ("100 ms", 100.0), ("1 s", 1000.0) })
            drawing.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{YOf(value):0.#}\" y2=\"{YOf(value):0.#}\" stroke=\"var(--line)\"/><text x=\"{Left - 4}\" y=\"{YOf(value) + 4:0.#}\" text-anchor=\"end\">{label}</text>");
        var busy = report.Seconds.Where(second => second.Requests > 0).ToList();
        var band = busy.Select(second => Point(second.Second, second.P99Milliseconds)).Concat(busy.AsEnumerable().Reverse().Select(second => Point(second.Second, second.P50Milliseconds)));
        drawing.Append($"<polygon points=\"{string.Join(' ', band)}\" fill=\"#1f77b4\" fill-opacity=\".45\"/>");
        drawing.Append($"<polyline points=\"{string.Join(' ', busy.Select(second => Point(second.Second, second.SlowestMilliseconds)))}\" fill=\"none\" stroke=\"{FailedColour}\" stroke-width=\"1.5\"/>");
        return $"{Close(drawing)}<p><span class=\"key\"><i style=\"background:#1f77b4\"></i>p50 to p99</span><span class=\"key\"><i style=\"background:{FailedColour}\"></i>slowest</span></p>\n";
    }

    private StringBuilder Open(string id, string top, string bottom)
    {
        var drawing = new StringBuilder($"<svg id=\"{id}-line\" viewBox=\"0 0 {Width} {Height + Bottom}\" role=\"img\">");
        foreach (var fault in report.Faults)
        {
            var (from, to) = (X(fault.From), X(Math.Min(fault.To ?? report.DurationSeconds, report.DurationSeconds)));
            drawing.Append(CultureInfo.InvariantCulture, $"<rect class=\"fault\" x=\"{from:0.#}\" y=\"0\" width=\"{Math.Max(2, to - from):0.#}\" height=\"{Height}\" fill=\"{FailedColour}\" fill-opacity=\".12\"><title>{HtmlReport.Text(fault.Text)}</title></rect>");
            drawing.Append(CultureInfo.InvariantCulture, $"<text x=\"{from + 3:0.#}\" y=\"12\">{HtmlReport.Text(fault.Text)}</text>");
        }
        drawing.Append($"<text x=\"{Left - 4}\" y=\"10\" text-anchor=\"end\">{top}</text><text x=\"{Left - 4}\" y=\"{Height}\" text-anchor=\"end\">{bottom}</text>");
        for (var second = 0; second <= report.DurationSeconds; second += Math.Max(1, (int)report.DurationSeconds / 10))
            drawing.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(second):0.#}\" y=\"{Height + 16}\">{second} s</text>");
        return drawing;
    }

    private static string Close(StringBuilder drawing) => drawing.Append("</svg>\n").ToString();

    private double Bar(StringBuilder drawing, int second, double below, double count, int most, string colour, string title)
    {
        if (count <= 0)
            return below;
        var (y, height) = (Height * (1 - (below + count) / most), Height * count / most);
        drawing.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(second) + 1:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(1, Step - 2):0.#}\" height=\"{height:0.#}\" fill=\"{colour}\"><title>{HtmlReport.Text(title)}</title></rect>");
        return below + count;
    }

    private string Point(int second, double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{X(second + 0.5):0.#},{YOf(milliseconds):0.#}");

    private double X(double second) => Left + second * Step;

    private static double YOf(double milliseconds) => Height * (1 - Math.Log10(Math.Clamp(milliseconds, 1, 10_000)) / 4);

    private string ColourOf(string region) => Colours[_regions.IndexOf(region) % Colours.Length];
}
