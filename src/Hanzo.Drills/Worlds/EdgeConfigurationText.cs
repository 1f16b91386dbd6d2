using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Worlds;

/// <summary>The configuration of a declared world's edges: what the world makes, then what its file says.</summary>
internal static class EdgeConfigurationText
{
    /// <summary>Writes the file of every edge into the run's directory; the files by the edges' names.</summary>
    public static IReadOnlyDictionary<string, string> Write(WorldFile file, WorldPlan plan, RunDirectory run, string database)
    {
        var paths = plan.Edges.ToDictionary(edge => edge.Name, edge => Path.Combine(run.Path, $"{edge.Name}.yaml"));
        foreach (var edge in plan.Edges)
            File.WriteAllText(paths[edge.Name], Of(file, plan, edge, database));
        return paths;
    }

    /// <param name="database">The location database.</param>
    public static string Of(WorldFile file, WorldPlan plan, EdgePlan edge, string database)
    {
        var regions = file.Regions.Select(region => string.Create(CultureInfo.InvariantCulture, $"""
              {region.Name}:
                location: [{region.Latitude}, {region.Longitude}]
                endpoints: [{string.Join(", ", plan.Nodes.Where(node => node.Region == region.Name).Select(node => $"\"{node.EndpointUrl}\""))}]
            """));
        return $"""
            version: 1
            edge: {Flow("name", edge.Name)}
            listen:
              - address: {edge.Address}:{edge.Port}
            admin: {Flow("address", $"{edge.Address}:{edge.AdminPort}")}
            clients: {Flow("trustedProxies", "[127.0.0.0/8, 10.0.0.0/8]")}
            geo:
              database: {database}
              pollInterval: 200ms
            regions:
            {string.Join('\n', regions)}
            {Text(file.EdgeSettings)}
            """;
    }

    private static string Flow(string key, string value) => $"{{ {key}: {value} }}";

    public static string Text(YamlMappingNode settings)
    {
        using var writer = new StringWriter();
        new YamlStream(new YamlDocument(settings)).Save(writer, assignAnchors: false);
        // The emitter ends a document by three dots.
        return writer.ToString().Replace("\n...", "", StringComparison.Ordinal).TrimEnd() + '\n';
    }
}
