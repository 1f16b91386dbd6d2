using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Worlds;

/// <summary>The configuration of a declared world's edges: what the world makes, then what its file says.</summary>
internal static class EdgeConfigurationText
{
    /// <summary>The name by which customers find the edges.</summary>
    public const string ShopName = $"shop.{Zone}";

    private const string Zone = "edge.test";

    /// <summary>By what name edges find a region's node.</summary>
    public static string NameOf(string region) => $"{region}.up.test";

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
                endpoints: [{string.Join(", ", plan.Nodes.Where(node => node.Region == region.Name).Select(node => file.ByName ? $"{"{"} dns: {NameOf(region.Name)}, port: {node.LinkPort} {"}"}" : $"\"{node.EndpointUrl}\""))}]
            """));
        var made = $"""
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

            """ + (plan.NamesPort is { } names ? $"discovery: {"{"} resolvers: [\"127.0.0.1:{names}\"], timeout: 300ms, minTtl: 1s {"}"}\n" : "") + (file.Dns ? Dns(file, plan, edge) : "");
        var stream = new YamlStream();
        stream.Load(new StringReader(made));
        return Text(WorldFile.Merge((YamlMappingNode)stream.Documents[0].RootNode, file.EdgeSettings));
    }

    /// <summary>The edges hear each other, and one name leads to the nearest of them that most of the others hear.</summary>
    private static string Dns(WorldFile file, WorldPlan plan, EdgePlan edge)
    {
        var others = plan.Edges.Where(other => other != edge).Select(other => Flow(other.Name, $"http://{other.Address}:{other.PeerPort}")[2..^2]);
        var sites = plan.Edges.Select(site => $"    {site.Name}: {Site(file, site)}");
        return $"""
            peers:
              listen: "{edge.Address}:{edge.PeerPort}"
              key: the edges of a drill
              exchange: 300ms
              members: {"{"} {string.Join(", ", others)} {"}"}
            dns:
              listen: ["{edge.Address}:{edge.DnsPort}"]
              rateLimit: {Flow("perSecond", "10000")}
              sites:
            {string.Join('\n', sites)}
              zones:
                {Zone}:
                  soa: {"{"} primary: ns1, mailbox: admin {"}"}
                  records: ["@ 60 NS ns1", "ns1 60 A 192.0.2.53"]
                  steered:
                    shop: {"{"} over: sites {"}"}

            """;
    }

    private static string Site(WorldFile file, EdgePlan edge)
    {
        var region = file.Regions.FirstOrDefault(one => one.Name == edge.Region) ?? file.Regions[0];
        return string.Create(CultureInfo.InvariantCulture, $"{"{"} location: [{region.Latitude}, {region.Longitude}], addresses: [{edge.Address}]{(edge.Region is null ? "" : $", region: {edge.Region}")} {"}"}");
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
