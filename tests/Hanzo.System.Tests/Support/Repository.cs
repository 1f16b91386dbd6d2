namespace Hanzo.System.Tests.Support;

/// <summary>Where the programs under test are: as the build of this test left them.</summary>
internal static class Repository
{
    private static readonly string[] Output = AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..];

    public static string Root { get; } = FindRoot();

    /// <summary>As built, or the native one that <c>bench/native</c> names.</summary>
    public static string Edge { get; } = Environment.GetEnvironmentVariable("HANZO_EDGE_PROGRAM") ?? Program("Hanzo.Edge", "hanzo-edge");

    public static string Node { get; } = Program("Hanzo.Commerce.Node", "hanzo-node");

    public static string Drill { get; } = Program("Hanzo.Drills", "hanzo-drill");

    /// <summary>Regions that can be told to fail.</summary>
    public static string FailingRegion { get; } = Program("Hanzo.Peers.Failover", "Hanzo.Peers.Failover", "bench");

    private static string Program(string project, string name, string folder = "src") => Path.Combine([Root, folder, project, "bin", .. Output, name]);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Hanzo.Edge.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
