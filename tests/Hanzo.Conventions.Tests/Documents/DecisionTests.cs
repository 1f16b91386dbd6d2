using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>A decision has one number and one title.</summary>
public sealed partial class DecisionTests
{
    private static readonly Rule Rule = tree =>
    {
        var decisions = tree.Files.Where(file => file.Folder == "docs/adr").ToList();
        var unnamed = from file in decisions
                      where !FileName().IsMatch(file.Name)
                      select file.Breaks(1, "A decision has no number", "Name it like 0042-why-we-do-so.md");
        var untitled = from file in decisions
                       where !file.Text.StartsWith("# ", StringComparison.Ordinal)
                       select file.Breaks(1, "A decision has no title", "Begin with # and what was decided");
        var twice = from file in decisions
                    group file by file.Name.Split('-')[0] into same
                    from again in same.Skip(1)
                    select again.Breaks(1, $"{same.Key} is also {same.First().Name}", "Take the next free number");
        return [.. unnamed, .. untitled, .. twice];
    };

    [Fact]
    public void Every_decision_has_its_number_and_title() => Rule.HoldsHere();

    [Fact]
    public void Two_decisions_of_one_number_are_found() =>
        Assert.Equal(
            "docs/adr/0001-b.md:1: 0001 is also 0001-a.md. Take the next free number.",
            Rule.BrokenBy(("docs/adr/0001-a.md", "# A"), ("docs/adr/0001-b.md", "# B"), ("docs/adr/0002-c.md", "# C")));

    [Fact]
    public void A_decision_without_a_number_is_found() =>
        Assert.Equal(
            "docs/adr/yaml.md:1: A decision has no number. Name it like 0042-why-we-do-so.md.",
            Rule.BrokenBy(("docs/adr/yaml.md", "# Yaml")));

    [Fact]
    public void A_decision_without_a_title_is_found() =>
        Assert.Equal(
            "docs/adr/0001-a.md:1: A decision has no title. Begin with # and what was decided.",
            Rule.BrokenBy(("docs/adr/0001-a.md", "We decided.")));

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$")]
    private static partial Regex FileName();
}
