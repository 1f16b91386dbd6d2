namespace Hanzo.Drills.Worlds;

/// <summary>Where the two programs and the edge's configuration are.</summary>
/// <param name="EdgeCommand">What a person types to call the edge program.</param>
internal sealed record Programs(string Edge, string Node, string EdgeConfiguration, string EdgeCommand)
{
    /// <summary>As <c>dotnet publish</c> leaves them: one directory with both programs and their configuration.</summary>
    public static Programs Published(string directory) => new(
        Path.GetFullPath(Path.Combine(directory, "hanzo-edge")),
        Path.GetFullPath(Path.Combine(directory, "hanzo-node")),
        Path.GetFullPath(Path.Combine(directory, "config", "edge.yaml")),
        Path.GetFullPath(Path.Combine(directory, "hanzo-edge")));

    /// <summary>The location database that is shipped beside the configuration.</summary>
    public string Database => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(EdgeConfiguration)!, "..", "data", "geo", "hanzo-edge-city.mmdb"));

    /// <summary>The files that are not there.</summary>
    public IEnumerable<string> Missing => new[] { Edge, Node, EdgeConfiguration }.Where(file => !File.Exists(file));
}
