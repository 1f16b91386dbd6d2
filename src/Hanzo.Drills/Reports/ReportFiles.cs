using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;

namespace Hanzo.Drills.Reports;

/// <summary>The files of a report.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes report.json, report.html and junit.xml into a directory.</summary>
    public static void Write(DrillReport report, string directory)
    {
        File.WriteAllText(Path.Combine(directory, "report.json"), JsonSerializer.Serialize(report, Json));
        File.WriteAllText(Path.Combine(directory, "report.html"), HtmlReport.Of(report));
        File.WriteAllText(Path.Combine(directory, "junit.xml"), JUnit(report).ToString());
    }

    /// <summary>Writes certificate.json and hanzo-drill.prom into a directory, each whole or not at all, as others read them meanwhile.</summary>
    public static void Write(Certificate certificate, string directory)
    {
        Directory.CreateDirectory(directory);
        Replace(Path.Combine(directory, "certificate.json"), JsonSerializer.Serialize(certificate, Json));
        Replace(Path.Combine(directory, "hanzo-drill.prom"), certificate.Metrics());

        static void Replace(string file, string text)
        {
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    /// <summary>Reads a report.json, or the one in a directory; null when it is not one of this version.</summary>
    public static DrillReport? Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "report.json") : path;
        try
        {
            return JsonSerializer.Deserialize<DrillReport>(File.ReadAllText(file), Json) is { Schema: DrillReport.CurrentSchema } report ? report : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A suite a drill, a test case a promise; a drill that was given up is an error.</summary>
    public static XElement JUnit(DrillReport report) => new("testsuite",
        new XAttribute("name", report.Drill),
        new XAttribute("tests", report.Promises.Length),
        new XAttribute("failures", report.Promises.Count(promise => !promise.Held)),
        new XAttribute("errors", report.AbortedBecause is null ? 0 : 1),
        new XAttribute("time", report.DurationSeconds),
        new XAttribute("timestamp", report.Started.ToString("s")),
        report.Promises.Select(promise => new XElement("testcase",
            new XAttribute("classname", report.Drill),
            new XAttribute("name", $"{promise.Name}: {promise.Text}"),
            promise.Held ? null : new XElement("failure",
                new XAttribute("message", $"{promise.MeasuredText}, promised {promise.BoundText}"),
                string.Join('\n', promise.Evidence)))),
        report.AbortedBecause is { } why ? new XElement("system-err", why) : null);
}
