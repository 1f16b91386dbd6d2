using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>A value in the file: what stands there, where, and under which key.</summary>
/// <param name="At">Its first character.</param>
/// <param name="Path">The keys that lead to it, such as <c>regions.us-east.endpoints[0]</c>; empty for the whole file.</param>
internal abstract record YamlNode(Position At, string Path)
{
    /// <summary>The path, as messages begin.</summary>
    public string Subject => Path.Length == 0 ? "the file" : Path;

    /// <summary>What kind of value this is, as messages say it.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value.</summary>
/// <param name="At">Its first character.</param>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Written">The value as the file has it: what messages may show.</param>
/// <param name="Text">The value with the environment and files put in: never shown where it differs from <paramref name="Written"/>.</param>
/// <param name="Plain">Whether it stands without quotes, so that YAML gives it a type.</param>
internal sealed record YamlScalar(Position At, string Path, string Written, string Text, bool Plain) : YamlNode(At, Path)
{
    /// <summary>Whether the environment or another file has a part in it.</summary>
    public bool Substituted { get; init; }

    /// <summary>Whether something that should be put in is missing. That was told; what is left is not the value meant.</summary>
    public bool Unresolved { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public bool IsNull => Plain && Written is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : "a single value";
}

/// <summary>A list.</summary>
/// <param name="At">Its first character.</param>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Items">Its values, in order.</param>
internal sealed record YamlSequence(Position At, string Path, ImmutableArray<YamlNode> Items) : YamlNode(At, Path)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>Keys and values.</summary>
/// <param name="At">Its first character.</param>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Entries">Its entries, in order; every key is there once.</param>
internal sealed record YamlMapping(Position At, string Path, ImmutableArray<YamlEntry> Entries) : YamlNode(At, Path)
{
    /// <inheritdoc/>
    public override string Kind => "keys with values";
}

/// <summary>One key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyAt">Where the key stands.</param>
/// <param name="Value">The value.</param>
internal sealed record YamlEntry(string Key, Position KeyAt, YamlNode Value);
