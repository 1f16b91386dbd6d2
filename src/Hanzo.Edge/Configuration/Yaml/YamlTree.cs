using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>
/// Builds the tree of values of one file from the parser's events. Stricter than YAML: one document, keys are words and stand
/// once, and no anchors, aliases or tags. They would let a few lines stand for a gigabyte, and a value stand where it is not seen.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>How deep values may nest; the file's own shape needs 8.</summary>
    public const int MaxDepth = 32;

    private readonly ProblemList problems;
    private readonly Substitution substitution;
    private readonly IParser parser;
    private bool anchorsTold;

    private YamlTree(IParser parser, Substitution substitution, ProblemList problems)
    {
        this.parser = parser;
        this.substitution = substitution;
        this.problems = problems;
    }

    /// <summary>The root of <paramref name="text"/>, or null where it cannot be read at all; problems are told either way.</summary>
    public static YamlNode? Read(string text, Substitution substitution, ProblemList problems)
    {
        try
        {
            return new YamlTree(new GuardedParser(text), substitution, problems).Document();
        }
        catch (YamlException e)
        {
            SyntaxMistake.Tell(text, PositionOf(e.Start), e.Message, problems);
        }
        return null;
    }

    private YamlNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            problems.Error(Position.Start, "the file holds comments only", "`version: 1` is its first key; config/edge.yaml is an example");
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = Node("", 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            problems.Error(PositionOf(second.Start), "a second YAML document begins here; one file is one configuration", "take away this `---` and what follows, or the document before it");
            return null;
        }
        return root;
    }

    private YamlNode? Node(string path, int depth)
    {
        var start = PositionOf(parser.Current!.Start);
        if (depth > MaxDepth)
        {
            problems.Error(start, $"values nest deeper than {MaxDepth} levels", "is a bracket left open?");
            parser.SkipThisAndNestedEvents();
            return null;
        }
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            RefuseAnchors(start, $"alias '*{alias.Value}'");
            return null;
        }
        if (parser.Current is NodeEvent node)
            RefuseDecoration(node, start);
        return parser.Current switch
        {
            SequenceStart => Sequence(start, path, depth),
            MappingStart => Mapping(start, path, depth),
            _ => Scalar(parser.Consume<Scalar>(), start, path),
        };
    }

    private void RefuseDecoration(NodeEvent node, Position start)
    {
        if (!node.Anchor.IsEmpty)
            RefuseAnchors(start, $"anchor '&{node.Anchor.Value}'");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            problems.Error(start, $"tag '{node.Tag.Value}': tags are not used here", "take the tag away; quote a value to make it text");
    }

    /// <summary>Told once a file: whoever uses them uses many.</summary>
    private void RefuseAnchors(Position at, string what)
    {
        if (!anchorsTold)
            problems.Error(at, $"{what}: anchors and aliases are not used here", "write each value out where it is used");
        anchorsTold = true;
    }

    private YamlScalar Scalar(Scalar scalar, Position start, string path)
    {
        var plain = scalar.Style == ScalarStyle.Plain;
        var text = substitution.Apply(scalar.Value, index => Inside(scalar, start, index), problems, out var substituted);
        return new YamlScalar(start, path, scalar.Value, text ?? "", plain) { Substituted = substituted, Unresolved = text is null };
    }

    private YamlSequence Sequence(Position start, string path, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        for (var index = 0; !parser.TryConsume<SequenceEnd>(out _); index++)
        {
            if (Node($"{path}[{index}]", depth + 1) is { } item)
                items.Add(item);
        }
        return new YamlSequence(start, path, items.ToImmutable());
    }

    private YamlMapping Mapping(Position start, string path, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyAt = PositionOf(parser.Current!.Start);
            if (Key(keyAt) is not { } key)
            {
                parser.SkipThisAndNestedEvents();
                continue;
            }
            var below = path.Length == 0 ? key : $"{path}.{key}";
            var value = Node(below, depth + 1);
            if (!lines.TryAdd(key, keyAt.Line))
                problems.Error(keyAt, $"{below}: the key stands twice, first on line {lines[key]}", "keep one of them");
            else if (value is not null)
                entries.Add(new YamlEntry(key, keyAt, value));
        }
        return new YamlMapping(start, path, entries.ToImmutable());
    }

    /// <summary>The key of the entry that begins here; null, and told, where it is not a word.</summary>
    private string? Key(Position at)
    {
        if (parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain })
        {
            RefuseAnchors(at, "merge key '<<'");
            parser.MoveNext();
            return null;
        }
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            RefuseDecoration(scalar, at);
            return scalar.Value;
        }
        problems.Error(at, "a key must be a word, not a list or other keys", "quote a value that begins with '{', '[' or '*'");
        parser.SkipThisAndNestedEvents();
        return null;
    }

    /// <summary>Where the character at <paramref name="index"/> of a scalar stands: exact on one line without escapes, else the scalar's start.</summary>
    private static Position Inside(Scalar scalar, Position start, int index)
    {
        var quotes = scalar.Style == ScalarStyle.Plain ? 0 : 1;
        var width = scalar.End.Line == scalar.Start.Line ? scalar.End.Column - scalar.Start.Column : -1;
        return width == scalar.Value.Length + 2 * quotes ? start with { Column = start.Column + quotes + index } : start;
    }

    private static Position PositionOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
