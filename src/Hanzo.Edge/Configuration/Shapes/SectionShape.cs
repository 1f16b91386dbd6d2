using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>Declared keys with values, and nothing else.</summary>
/// <param name="section">The keys.</param>
/// <param name="build">Makes the value from what was read.</param>
internal sealed class SectionShape<T>(Section section, Func<Values, T> build) : Shape<T>
{
    /// <inheritdoc/>
    public override string Phrase => "a section";

    /// <inheritdoc/>
    public override (string Between, ISection Section)? Below => ("", section);

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in section.Keys)
        {
            var schema = key.Shape.Schema();
            schema["description"] = key.Says;
            if (key.Default is { } standard)
                schema["description"] = $"{key.Says} Default: {standard}.";
            properties[key.Name] = schema;
        }
        var required = new JsonArray([.. section.Keys.Where(key => key.Required && key.Unless is null).Select(key => (JsonNode)key.Name)]);
        var shape = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            shape["required"] = required;
        return shape;
    }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlMapping mapping)
        {
            reading.Problems.Error(node.At, $"{node.Subject}: here stands {node.Kind}, not a section", Meant(node) ?? $"its keys are {Names()}");
            return false;
        }
        var before = reading.Problems.Errors;
        var values = new Values(mapping, reading);
        foreach (var entry in mapping.Entries)
            Read(entry, values, node);
        var written = mapping.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var missing in section.Keys.Where(key => key.Lacks(mapping, written.Contains(key.Name))))
            reading.Problems.Error(node.At, $"{node.Subject}: '{missing.Name}' is missing", $"add `{missing.Name}:` with {missing.Shape.Phrase}");
        if (section.Keys.Any(key => key.Lacks(mapping, values.Has(key))))
            return false;
        value = build(values);
        return reading.Problems.Errors == before;
    }

    private void Read(YamlEntry entry, Values values, YamlNode node)
    {
        if (section.Keys.FirstOrDefault(key => key.Name == entry.Key) is { } key)
            key.Read(entry, values, values.Reading);
        else
            TellUnknown(entry, node, values.Reading);
    }

    private void TellUnknown(YamlEntry entry, YamlNode node, Reading reading)
    {
        var meant = Suggestion.DidYouMean(entry.Key, section.Keys.Select(known => known.Name));
        var homes = meant.Length == 0 ? reading.HomesOf(entry.Key) : [];
        reading.Problems.Error(
            entry.KeyAt,
            $"{node.Subject}: unknown key '{entry.Key}'{meant}",
            homes.Count == 0 ? $"its keys are {Names()}" : $"'{entry.Key}' belongs under {string.Join(" or ", homes)}; the keys here are {Names()}");
    }

    /// <summary>`key:value` and `key value` are one word to YAML.</summary>
    private string? Meant(YamlNode node)
        => node is YamlScalar { IsNull: false, Substituted: false } scalar
            && scalar.Written.Split([':', ' '], 2) is [var key, var rest]
            && section.Keys.Any(known => known.Name == key)
                ? $"write `{key}: {rest.Trim()}`, with a colon and a space"
                : null;

    private string Names() => string.Join(", ", section.Keys.Select(key => key.Name));
}
