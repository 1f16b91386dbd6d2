using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>A link in a document leads somewhere.</summary>
public sealed partial class LinkTests
{
    private static readonly Rule Rule = tree =>
        from file in Markdown.Documents(tree)
        from line in Markdown.Prose(file)
        from hit in Link().Matches(CodeSpan().Replace(line.Text, ""))
        let target = hit.Groups[1].Value
        where !target.Contains("://") && !target.StartsWith("mailto:", StringComparison.Ordinal)
        where !Exists(tree, file, target)
        select file.Breaks(line.Line, $"{target} does not exist", "Mend the link or remove it");

    [Fact]
    public void Every_relative_link_leads_somewhere() => Rule.HoldsHere();

    [Theory]
    [InlineData("missing.md")]
    [InlineData("../missing/")]
    [InlineData("../../README.md")]
    [InlineData("glossary.md#region-of-old")]
    [InlineData("#here")]
    public void A_dead_link_is_found(string target) =>
        Assert.Equal($"docs/a.md:2: {target} does not exist. Mend the link or remove it.", Rule.BrokenBy(
            ("docs/a.md", $"# A\nsee [this]({target})"),
            ("docs/glossary.md", "## Region, or so"),
            ("README.md", "")));

    [Fact]
    public void Living_links_and_links_elsewhere_are_no_violations() => Rule.KeptBy(
        ("docs/a.md", "# A b\n[g](glossary.md#region-or-so) [r](../README.md) [d](../src) [s](#a-b \"title\") [w](https://example.com/x.md) `[no](link)`\n```\n[no](link)\n```"),
        ("docs/glossary.md", "## Region, or so"),
        ("src/A/A.cs", ""),
        ("README.md", ""));

    private static bool Exists(Tree tree, TextFile from, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
        if (path.Length > 0 && Resolve(from.Folder, path) is not { } resolved)
            return false;
        resolved = path.Length == 0 ? from.Path : Resolve(from.Folder, path)!;
        if (resolved.Length > 0 && !tree.Has(resolved))
            return false;
        return anchor.Length == 0 || (tree.Find(resolved) is { } file && Markdown.Anchors(file).Contains(anchor));
    }

    /// <summary>The path from the root, or null where it leaves the repository.</summary>
    private static string? Resolve(string folder, string path)
    {
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
                return null;
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part != ".")
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();
}
