using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>What became of one written value: the value, or what is wrong with it and how to mend it.</summary>
internal sealed record Parsed<T>(bool Good, T? Value, string Wrong, string? Fix)
{
    public static implicit operator Parsed<T>(T value) => new(true, value, "", null);

    public static implicit operator Parsed<T>((string Wrong, string? Fix) bad) => new(false, default, bad.Wrong, bad.Fix);
}

/// <summary>A single value.</summary>
internal sealed class ScalarShape<T> : Shape<T>
{
    private readonly JsonObject schema;
    private readonly Func<YamlScalar, Reading, Parsed<T>> parse;
    private readonly Func<T, string?> show;

    /// <summary>Declares it.</summary>
    /// <param name="phrase">The shape in a few words.</param>
    /// <param name="schema">Its JSON Schema.</param>
    /// <param name="parse">Reads it; what it says is wrong follows the key and the value as written, and may not hold the value itself; how to mend it may.</param>
    /// <param name="show">A value as the file would have it.</param>
    public ScalarShape(string phrase, JsonObject schema, Func<YamlScalar, Reading, Parsed<T>> parse, Func<T, string?>? show = null)
    {
        Phrase = phrase;
        this.schema = schema;
        this.parse = parse;
        this.show = show ?? (value => value?.ToString());
    }

    /// <inheritdoc/>
    public override string Phrase { get; }

    /// <summary>The schema, or a text with a substitution in it, whose value no editor can know.</summary>
    public override JsonObject Schema()
    {
        var own = schema.DeepClone().AsObject();
        return TakesAnyText(own) ? own : new JsonObject { ["anyOf"] = new JsonArray(own, new JsonObject { ["$ref"] = "#/$defs/substitution" }) };
    }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlScalar scalar || scalar.IsNull)
        {
            reading.Problems.Error(node.At, $"{node.Subject}: here stands {node.Kind}, not {Phrase}", node is YamlScalar ? "give it a value, or take the key away" : null);
            return false;
        }
        if (scalar.Unresolved)
            return false;
        var parsed = parse(scalar, reading);
        if (!parsed.Good)
            reading.Problems.Error(node.At, $"{node.Subject}: '{scalar.Written}' {parsed.Wrong}", scalar.Substituted ? $"what is put in must be {Phrase}" : parsed.Fix);
        value = parsed.Value;
        return parsed.Good;
    }

    /// <inheritdoc/>
    public override string? Show(T value) => show(value);

    /// <summary>The same value taken further.</summary>
    public ScalarShape<TOther> As<TOther>(Func<T, TOther> further) => new(Phrase, schema, (scalar, reading) =>
    {
        var parsed = parse(scalar, reading);
        return parsed.Good ? further(parsed.Value!) : (parsed.Wrong, parsed.Fix);
    });

    private static bool TakesAnyText(JsonObject schema)
        => schema.Count == 1 && schema["type"] is { } type && (type is JsonArray || type.GetValue<string>() == "string");
}
