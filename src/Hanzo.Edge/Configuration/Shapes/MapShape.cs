using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>One entry of a map.</summary>
/// <param name="Name">Its key.</param>
/// <param name="NameAt">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record Entry<T>(string Name, Position NameAt, T Value);

/// <summary>Names the file chooses, each with a value of one shape.</summary>
/// <param name="name">What the names are.</param>
/// <param name="item">What the values are.</param>
/// <param name="atLeast">Entries there must be.</param>
/// <param name="atMost">Entries there may be.</param>
internal sealed class MapShape<T>(NameShape name, Shape<T> item, int atLeast = 0, int atMost = int.MaxValue) : Shape<ImmutableArray<Entry<T>>>
{
    /// <inheritdoc/>
    public override string Phrase => item.Below is null ? $"for each {name.Word}, {item.Phrase}" : $"one section for each {name.Word}";

    /// <inheritdoc/>
    public override (string Between, ISection Section)? Below
        => item.Below is { } below ? ($".{name.Word.ToUpperInvariant()}" + below.Between, below.Section) : null;

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["propertyNames"] = name.Schema(),
            ["additionalProperties"] = item.Schema(),
        };
        if (atLeast > 0)
            schema["minProperties"] = atLeast;
        if (atMost < int.MaxValue)
            schema["maxProperties"] = atMost;
        return schema;
    }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out ImmutableArray<Entry<T>> value)
    {
        value = [];
        if (node is not YamlMapping mapping)
        {
            reading.Problems.Error(node.At, $"{node.Subject}: here stands {node.Kind}, not {Phrase}", $"write `{name.Word}:` and its value below, two spaces in");
            return false;
        }
        var before = reading.Problems.Errors;
        if (mapping.Entries.Length < atLeast || mapping.Entries.Length > atMost)
            reading.Problems.Error(node.At, $"{node.Subject}: {mapping.Entries.Length} entries; it takes {atLeast} to {atMost}");
        var entries = ImmutableArray.CreateBuilder<Entry<T>>(mapping.Entries.Length);
        foreach (var entry in mapping.Entries)
        {
            name.Check(entry, node.Subject, reading);
            if (item.TryRead(entry.Value, reading, out var read))
                entries.Add(new Entry<T>(entry.Key, entry.KeyAt, read));
        }
        value = entries.ToImmutable();
        return entries.Count == mapping.Entries.Length && reading.Problems.Errors == before;
    }

    /// <inheritdoc/>
    public override string? Show(ImmutableArray<Entry<T>> value) => value.IsDefaultOrEmpty ? "{}" : null;
}

/// <summary>What the names of a <see cref="MapShape{T}"/> may be.</summary>
/// <param name="Word">What one is called: <c>region</c>.</param>
/// <param name="Schema">The JSON Schema of a name.</param>
/// <param name="Check">Tells a name that is not one.</param>
internal sealed record NameShape(string Word, Func<JsonObject> Schema, Action<YamlEntry, string, Reading> Check);
