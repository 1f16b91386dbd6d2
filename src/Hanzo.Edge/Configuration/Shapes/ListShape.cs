using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>A list of one shape, in the file's order.</summary>
/// <param name="item">What its items are.</param>
/// <param name="atLeast">Items there must be.</param>
internal sealed class ListShape<T>(Shape<T> item, int atLeast = 0) : Shape<ImmutableArray<Located<T>>>
{
    /// <inheritdoc/>
    public override string Phrase => $"a list{(atLeast > 0 ? $" of {atLeast} or more" : "")}, each {item.Phrase}";

    /// <inheritdoc/>
    public override (string Between, ISection Section)? Below => item.Below is { } below ? ("[]" + below.Between, below.Section) : null;

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (atLeast > 0)
            schema["minItems"] = atLeast;
        return schema;
    }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out ImmutableArray<Located<T>> value)
    {
        value = [];
        if (node is not YamlSequence sequence)
        {
            reading.Problems.Error(node.At, $"{node.Subject}: here stands {node.Kind}, not a list", FixFor(node));
            return false;
        }
        if (sequence.Items.Length < atLeast)
        {
            reading.Problems.Error(node.At, $"{node.Subject}: the list has {sequence.Items.Length} items and needs {atLeast}", $"each is {item.Phrase}");
            return false;
        }
        var items = ImmutableArray.CreateBuilder<Located<T>>(sequence.Items.Length);
        foreach (var one in sequence.Items)
        {
            if (item.TryRead(one, reading, out var read))
                items.Add(new Located<T>(read, one.At, one.Subject));
        }
        value = items.ToImmutable();
        return items.Count == sequence.Items.Length;
    }

    /// <inheritdoc/>
    public override string Show(ImmutableArray<Located<T>> value)
        => value.IsDefaultOrEmpty ? "[]" : $"[{string.Join(", ", value.Select(located => item.Show(located.Value)))}]";

    private static string FixFor(YamlNode node) => node switch
    {
        YamlScalar { IsNull: false } scalar => $"write [{scalar.Written}]",
        YamlScalar => "give it items, or take the key away",
        _ => "begin each item with '- '",
    };
}
