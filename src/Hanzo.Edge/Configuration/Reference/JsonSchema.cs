using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Reference;

/// <summary>The JSON Schema (2020-12) of the file, for editors: what config/edge.schema.json holds and `hanzo-edge schema` prints.</summary>
internal static class JsonSchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text, ending in a newline.</summary>
    public static string Text() => Build().ToJsonString(Readable) + "\n";

    /// <summary>The schema.</summary>
    public static JsonObject Build()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Hanzo.Edge configuration",
            ["description"] = "`hanzo-edge check FILE` checks more than a schema can say.",
        };
        foreach (var (key, value) in FileSection.Shape.Schema())
            schema[key] = value?.DeepClone();
        schema["$defs"] = new JsonObject
        {
            ["substitution"] = new JsonObject
            {
                ["description"] = "A value from the environment or a file: ${env:NAME}, ${env:NAME:-default} or ${file:/path}.",
                ["type"] = "string",
                ["pattern"] = @"\$\{(env|file):",
            },
            ["country"] = Areas.CountryDefinition(),
            ["continent"] = Areas.ContinentDefinition(),
        };
        return schema;
    }
}
