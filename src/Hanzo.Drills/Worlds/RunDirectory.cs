namespace Hanzo.Drills.Worlds;

/// <summary>Where the output of one world's processes goes.</summary>
internal sealed record RunDirectory(string Path)
{
    /// <summary>A new directory, named by the time, under artifacts/runs of <paramref name="root"/>.</summary>
    public static RunDirectory Create(string root, TimeProvider time)
    {
        var path = System.IO.Path.Combine(root, "artifacts", "runs", $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}");
        Directory.CreateDirectory(path);
        return new RunDirectory(path);
    }

    public string LogOf(string name) => System.IO.Path.Combine(Path, $"{name}.log");
}
