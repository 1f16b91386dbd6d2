namespace Hanzo.Conventions.Tests;

/// <summary>One file of a tree.</summary>
internal sealed record TextFile(string Path, string Text)
{
    private readonly Lazy<CSharpText> _csharp = new(() => CSharpText.Of(Text));

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The folder's path; empty at the root.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public string[] Lines => Text.Split('\n');

    /// <summary>The text of a C# file, told apart into code, comments and strings.</summary>
    public CSharpText CSharp => _csharp.Value;

    /// <summary>The line, counted from 1, that holds the character at <paramref name="index"/>.</summary>
    public int LineAt(int index) => 1 + Text.AsSpan(0, index).Count('\n');

    public Violation Breaks(int line, string what, string fix) => new(Path, line, what, fix);

    public Violation BreaksAt(int index, string what, string fix) => new(Path, LineAt(index), what, fix);
}
