using System.Text.Json;

namespace Hanzo.System.Tests.Support;

/// <summary>Programs as hanzo-drill finds them, and a place for its reports.</summary>
internal sealed class DrillStand : IDisposable
{
    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("hanzo-drill-");
    private readonly DirectoryInfo _runs = Directory.CreateTempSubdirectory("hanzo-runs-");

    public DrillStand()
    {
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-edge"), Repository.Edge);
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-node"), Repository.Node);
        Directory.CreateSymbolicLink(Path.Combine(_programs.FullName, "config"), Path.Combine(Repository.Root, "config"));
        Directory.CreateSymbolicLink(Path.Combine(_programs.FullName, "data"), Path.Combine(Repository.Root, "data"));
    }

    public void Dispose()
    {
        _programs.Delete(recursive: true);
        _runs.Delete(recursive: true);
    }

    public RunningProgram Drill(string name) =>
        RunningProgram.StartFirst(Repository.Drill, ["run", name, "--seed", "7", "--programs", _programs.FullName, "--runs", _runs.FullName]);

    public JsonElement Report(string drill) => _runs.GetFiles("report.json", SearchOption.AllDirectories)
        .Select(file => JsonDocument.Parse(File.ReadAllText(file.FullName)).RootElement)
        .Single(report => report.GetProperty("drill").GetString() == drill);
}
