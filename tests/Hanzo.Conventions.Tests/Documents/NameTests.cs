using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>A type or a path that a document names exists.</summary>
public sealed partial class NameTests
{
    /// <summary>Names of other worlds that look like types of ours.</summary>
    private static readonly HashSet<string> Foreign = ["ConfigMap", "CoreDNS", "DaemonSet", "StatefulSet", "GitHub", "OpenTelemetry", "PowerDNS"];

    private static readonly Rule Types = tree =>
    {
        var words = new Lazy<HashSet<string>>(() =>
        [
            .. tree.CSharp().SelectMany(file => Word().Matches(file.CSharp.Code)).Select(hit => hit.Value),
            .. tree.Files.SelectMany(file => file.Path.Split('/').SelectMany(part => part.Split('.'))),
            .. Foreign,
        ]);
        return from file in Markdown.Current(tree)
               from code in Markdown.InlineCode(file)
               where TypeName().IsMatch(code.Text)
               from name in code.Text.Split('.')
               where !words.Value.Contains(name)
               select file.Breaks(code.Line, $"`{name}` is no name in the code", "Use the name the code has, or drop the backticks");
    };

    private static readonly Rule Paths = tree =>
        from file in Markdown.Current(tree)
        from code in Markdown.InlineCode(file)
        where RepositoryPath().IsMatch(code.Text) && !ExistsLike(tree, code.Text.TrimEnd('/'))
        select file.Breaks(code.Line, $"`{code.Text}` does not exist", "Use the path the repository has");

    [Fact]
    public void Every_type_a_document_names_exists() => Types.HoldsHere();

    [Fact]
    public void Every_path_a_document_names_exists() => Paths.HoldsHere();

    [Theory]
    [InlineData("PlaceIndex")]
    [InlineData("PlaceIndex.Lookup")]
    [InlineData("CommentedOut")]
    public void A_type_that_does_not_exist_is_found(string name) =>
        Assert.Equal($"docs/a.md:1: `{name.Split('.')[0]}` is no name in the code. Use the name the code has, or drop the backticks.", Types.BrokenBy(
            ("docs/a.md", $"The `{name}` answers."),
            ("src/A/PlaceTable.cs", "class PlaceTable { int Lookup; } // CommentedOut")));

    [Fact]
    public void Names_in_the_code_and_words_that_are_none_are_no_violations() => Types.KeptBy(
        ("docs/a.md", "`PlaceTable.Lookup` of `Hanzo.Edge`, a `ConfigMap`, `region`, `GET`, `Hanzo-Region`, `SIGTERM`, `Region`\n```\nNoSuchType\n```"),
        ("docs/adr/0001-a.md", "We dropped `PlaceIndex`."),
        ("CHANGELOG.md", "`PlaceIndex` is gone."),
        ("src/Hanzo.Edge/PlaceTable.cs", "class PlaceTable { int Lookup; }"));

    [Theory]
    [InlineData("config/edge.yml")]
    [InlineData("docs/drills/*.yaml")]
    [InlineData(".ci/run")]
    public void A_path_that_does_not_exist_is_found(string path) =>
        Assert.Equal($"docs/a.md:1: `{path}` does not exist. Use the path the repository has.", Paths.BrokenBy(
            ("docs/a.md", $"See `{path}`."), ("config/edge.yaml", "")));

    [Fact]
    public void Paths_that_exist_are_no_violations() => Paths.KeptBy(
        ("docs/a.md", "`config/edge.yaml`, `config/*.yaml`, `config/`, `src/hanzo`, `/v1/config/x`"),
        ("config/edge.yaml", ""),
        ("src/hanzo/a.cs", ""));

    private static bool ExistsLike(Tree tree, string path)
    {
        if (!path.Contains('*'))
            return tree.Has(path);
        var shape = new Regex($"^{Regex.Escape(path).Replace(@"\*", "[^/]*")}$");
        return tree.Files.Any(file => shape.IsMatch(file.Path));
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    // Two humps at least: one capital alone is as often a word of the language or of a protocol.
    [GeneratedRegex(@"^(?:[A-Z]\w*\.)*[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+(?:\.[A-Z]\w*)*$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(?:src|tests|bench|config|docs|data|\.ci)/[\w.*/-]*$")]
    private static partial Regex RepositoryPath();
}
