namespace Hanzo.Drills.Worlds;

/// <summary>A clone of the repository, built in the configuration that this program was built in.</summary>
internal sealed class SourceTree(string root, Keeper keeper)
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public string Root => root;

    public Programs Programs { get; } = new(
        Output(root, "Hanzo.Edge", "hanzo-edge"),
        Output(root, "Hanzo.Commerce.Node", "hanzo-node"),
        Path.Combine(root, "config", "edge.yaml"),
        $"dotnet run --no-build -c {Configuration} --project {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(root, "src", "Hanzo.Edge"))} --");

    /// <summary>The nearest directory at or above one of <paramref name="starts"/> that holds the solution, or null.</summary>
    public static string? FindRoot(params string[] starts) => starts
        .SelectMany(Ancestors)
        .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "Hanzo.Edge.sln")));

    /// <summary>Builds one project; null when it went well, else why not.</summary>
    public async Task<string?> Build(string project, RunDirectory run, CancellationToken cancellation)
    {
        // Without build servers: they would stay behind as processes of ours.
        using var build = await keeper.Start(
            $"build of {project}",
            run.LogOf($"build-{project}"),
            new Dictionary<string, string>(),
            ["dotnet", "build", Path.Combine(root, "src", project), "-c", Configuration, "--nologo", "-v", "quiet", "-clp:ErrorsOnly", "--disable-build-servers"]);
        try
        {
            await build.Exit(cancellation);
        }
        finally
        {
            build.Kill();
        }
        return build.ExitCode == 0 ? null : build.Epitaph();
    }

    private static string Output(string root, string project, string program) =>
        Path.Combine(root, "src", project, "bin", Configuration, "net10.0", program);

    private static IEnumerable<string> Ancestors(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            yield return directory.FullName;
    }
}
