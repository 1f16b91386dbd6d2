using System.Text.Json;

namespace Hanzo.Edge.Cli;

/// <summary>What a certificate of drills says (schema <c>hanzo-drill-certificate/1</c>), or why there is nothing that it says.</summary>
/// <param name="Problem">Null where there is one.</param>
internal sealed record DrillCertificate(DateTimeOffset Passed, int Drills, int Seed, string Version, string? Problem)
{
    /// <summary>The same bound as the alert HanzoDrillsOverdue.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromDays(8);

    public static DrillCertificate Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            var root = json.RootElement;
            return root.GetProperty("schema").GetString() == "hanzo-drill-certificate/1"
                ? new DrillCertificate(root.GetProperty("passed").GetDateTimeOffset(), root.GetProperty("drills").GetArrayLength(), root.GetProperty("seed").GetInt32(), root.GetProperty("version").GetString()!, null)
                : None($"{file} is no certificate that this version reads");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return None($"no certificate at {file}: hanzo-drill run all --certificate DIR writes one when all drills pass");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return None($"{file} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>One line for a person.</summary>
    public string Tell(DateTimeOffset now, DateTimeOffset configuredAt)
    {
        if (Problem is not null) return Problem;
        var warning = (now - Passed > Overdue, configuredAt > Passed) switch
        {
            (true, true) => "; OVERDUE, and the configuration has changed since",
            (true, false) => "; OVERDUE",
            (false, true) => "; the configuration has changed since",
            _ => "",
        };
        return $"{Drills} passed {StatusCommand.Age(now - Passed)} ago, at {Passed.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z with seed {Seed} and hanzo-drill {Version}{warning}";
    }

    private static DrillCertificate None(string why) => new(default, 0, 0, "", why);
}
