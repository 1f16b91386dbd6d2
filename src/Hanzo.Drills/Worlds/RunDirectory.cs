namespace Hanzo.Drills.Worlds;

/// <summary>Where the output and the state of one world's processes go.</summary>
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

    /// <summary>Where a node keeps its state: it is there again when the node is started again in the same world.</summary>
    public string StateOf(string name) => System.IO.Path.Combine(Path, $"{name}.state");
}
