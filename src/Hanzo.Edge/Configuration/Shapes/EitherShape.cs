using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>A short form, as a single value, or a section that says more.</summary>
/// <param name="brief">The single value.</param>
/// <param name="full">The section.</param>
internal sealed class EitherShape<T>(ScalarShape<T> brief, Shape<T> full) : Shape<T>
{
    /// <inheritdoc/>
    public override string Phrase => $"{brief.Phrase}, or a section";

    /// <inheritdoc/>
    public override (string Between, ISection Section)? Below => full.Below;

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(brief.Schema(), full.Schema()) };

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out T value)
        => node is YamlScalar ? brief.TryRead(node, reading, out value) : full.TryRead(node, reading, out value);
}
