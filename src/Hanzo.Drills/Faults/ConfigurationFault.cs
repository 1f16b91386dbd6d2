using Hanzo.Drills.Worlds;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Faults;

/// <summary>The edges' configuration files are replaced: by broken ones, or by others. To mend it the old ones come back.</summary>
/// <param name="Changes">Settings that are merged into the world's; null breaks the files.</param>
internal sealed record ConfigurationFault(YamlMappingNode? Changes) : Fault("configuration", [])
{
    private readonly Dictionary<string, string> _before = [];

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        foreach (var (edge, path) in scene.Configurations)
        {
            _before[edge] = await File.ReadAllTextAsync(path, cancellation);
            Replace(path, Changes is null ? Broken(_before[edge]) : Changed(_before[edge], Changes));
        }
        return null;
    }

    public override Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        foreach (var (edge, path) in scene.Configurations)
            Replace(path, _before[edge]);
        return Task.FromResult<string?>(null);
    }

    public override string Text => Changes is null ? "configuration broken" : "configuration replaced";

    /// <summary>A slip that still is YAML: two endpoints' addresses lose their scheme.</summary>
    private static string Broken(string text) => text.Replace("\"http://", "\"htp//", StringComparison.Ordinal);

    private static string Changed(string text, YamlMappingNode changes)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return EdgeConfigurationText.Text(WorldFile.Merge((YamlMappingNode)stream.Documents[0].RootNode, changes));
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
