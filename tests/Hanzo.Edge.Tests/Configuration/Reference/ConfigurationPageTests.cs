using Hanzo.Edge.Configuration.Reference;

namespace Hanzo.Edge.Tests.Configuration.Reference;

/// <summary>What docs/configuration.md shows of the program is what the program says.</summary>
public sealed class ConfigurationPageTests
{
    private const string Page = "docs/configuration.md";
    private const string Broken = "tests/Hanzo.Edge.Tests/Configuration/Broken/everything-at-once";

    [Fact]
    public void The_keys_and_the_example_are_current()
    {
        var page = Kept.Text(Page);
        page = Between(page, "<!-- keys -->\n", "\n" + KeyTable.Markdown());
        page = Between(page, "<!-- example: everything-at-once -->\n", $"\n```yaml\n{Kept.Text(Broken + ".yaml")}```\n\n```\n$ hanzo-edge check everything-at-once.yaml\n{Kept.Text(Broken + ".txt")}```\n\n");

        Kept.Holds(Page, page);
    }

    private static string Between(string page, string mark, string text)
    {
        const string End = "<!-- end -->";
        var start = page.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        Assert.True(start >= mark.Length, $"{Page} has no {mark}");
        return page[..start] + text + page[page.IndexOf(End, start, StringComparison.Ordinal)..];
    }
}
