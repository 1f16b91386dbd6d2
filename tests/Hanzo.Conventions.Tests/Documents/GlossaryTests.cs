using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>One word for one thing: the glossary explains each once.</summary>
public sealed partial class GlossaryTests
{
    private static readonly Rule Rule = tree =>
        from file in tree.Files
        where file.Path == "docs/glossary.md"
        from word in Markdown.Prose(file).SelectMany(line => Entry().Matches(line.Text).Select(hit => (Name: hit.Groups[1].Value, line.Line)))
            .GroupBy(word => word.Name, StringComparer.OrdinalIgnoreCase)
        from again in word.Skip(1)
        select file.Breaks(again.Line, $"{again.Name} is explained again", $"Keep one meaning: it stands in line {word.First().Line}");

    [Fact]
    public void Every_word_is_explained_once() => Rule.HoldsHere();

    [Theory]
    [InlineData("| region | a place |\n| --- | --- |\n| Region | another |", 3)]
    [InlineData("- **region**: a place\n- **region**: another", 2)]
    [InlineData("**region** — a place\n\n**region** — another", 3)]
    [InlineData("### region\na place\n### Region\nanother", 3)]
    public void A_word_explained_twice_is_found(string text, int line) =>
        Assert.Matches($"docs/glossary.md:{line}: [Rr]egion is explained again. Keep one meaning: it stands in line 1.", Rule.BrokenBy(("docs/glossary.md", text)));

    [Fact]
    public void Words_explained_once_are_no_violations() => Rule.KeptBy(
        ("docs/glossary.md", "| word | meaning |\n| --- | --- |\n| region | a place |\n| region pair | two |"));

    [GeneratedRegex(@"^(?:\|\s*\**`?|[-*]\s+\*\*|\*\*|#{3,}\s+)([A-Za-z][^|*`:]*?)\s*(?:[|*`:].*)?$")]
    private static partial Regex Entry();
}
