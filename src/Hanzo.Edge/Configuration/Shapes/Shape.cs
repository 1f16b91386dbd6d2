using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>
/// What may stand in one place of the file. One declaration reads it, says what is wrong with it, and describes it for the
/// JSON Schema and the reference, so that the three cannot differ.
/// </summary>
internal abstract class Shape
{
    /// <summary>The shape in a few words: <c>a duration, 10ms to 1h</c>.</summary>
    public abstract string Phrase { get; }

    /// <summary>The shape as JSON Schema 2020-12.</summary>
    public abstract JsonObject Schema();

    /// <summary>The section whose keys stand below this place, with what comes between: <c>[]</c> in a list, <c>.NAME</c> in a map.</summary>
    public virtual (string Between, ISection Section)? Below => null;
}

/// <summary>A <see cref="Shape"/> whose value is a <typeparamref name="T"/>.</summary>
internal abstract class Shape<T> : Shape
{
    /// <summary>Reads <paramref name="node"/>; false, and told, where it does not fit.</summary>
    public abstract bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out T value);

    /// <summary>A value as the file would have it, or null where it has no short form.</summary>
    public virtual string? Show(T value) => null;
}
