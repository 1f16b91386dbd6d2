using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Code;

/// <summary>A name says where its file is: folder = namespace, file = type.</summary>
public sealed partial class NamespaceTests
{
    private static readonly Rule FolderIsNamespace = tree =>
        from file in tree.CSharp()
        from hit in Namespace().Matches(file.CSharp.Code)
        let expected = string.Join('.', file.Folder.Split('/').Skip(1))
        where hit.Groups["name"].Value != expected
        select file.BreaksAt(hit.Index, $"namespace {hit.Groups["name"].Value} is not its folder", $"Say namespace {expected}; or move the file");

    private static readonly Rule FileIsType = tree =>
        from file in tree.CSharp()
        let types = TopLevelType().Matches(file.CSharp.Code)
        where file.Name != "Program.cs" && types.Count > 0 && types.All(type => type.Groups["name"].Value != file.Name.Split('.')[0])
        let first = types[0].Groups["name"]
        select file.BreaksAt(first.Index, $"{file.Name} declares no type of its name", $"Name the file {first.Value}.cs, or the type {file.Name.Split('.')[0]}");

    [Fact]
    public void Every_namespace_is_its_folder() => FolderIsNamespace.HoldsHere();

    [Fact]
    public void Every_file_is_named_after_a_type_it_declares() => FileIsType.HoldsHere();

    [Theory]
    [InlineData("namespace Hanzo.Edge;")]
    [InlineData("namespace Hanzo.Edge.Geo { }")]
    public void A_namespace_that_is_not_its_folder_is_found(string line) =>
        Assert.Contains("is not its folder. Say namespace Hanzo.Edge.Location; or move the file.", FolderIsNamespace.BrokenBy(
            ("src/Hanzo.Edge/Location/PlaceTable.cs", $"using System;\n\n{line}"),
            ("src/Hanzo.Edge/Location/Right.cs", "namespace Hanzo.Edge.Location;"),
            ("tests/Hanzo.Edge.Tests/Location/Right.cs", "// namespace Wrong;\nnamespace Hanzo.Edge.Tests.Location;")));

    [Theory]
    [InlineData("internal sealed class Places;")]
    [InlineData("public readonly record struct Places(int Count);")]
    [InlineData("internal static partial class Places { class PlaceTable { } }")]
    [InlineData("internal delegate ValueTask<int> Places(string name);")]
    [InlineData("internal enum Places { One }")]
    public void A_file_that_is_named_otherwise_is_found(string declaration) =>
        Assert.Equal(
            "src/A/PlaceTable.cs:2: PlaceTable.cs declares no type of its name. Name the file Places.cs, or the type PlaceTable.",
            FileIsType.BrokenBy(("src/A/PlaceTable.cs", $"namespace A;\n{declaration}")));

    [Fact]
    public void A_part_of_a_type_and_a_file_without_types_are_no_violations() => FileIsType.KeptBy(
        ("src/A/PlaceTable.Lookup.cs", "namespace A;\ninternal partial class PlaceTable;"),
        ("src/A/Lookup.cs", "namespace A;\ninternal interface ILookup;\ninternal sealed class Lookup<T> : ILookup;"),
        ("src/A/Program.cs", "return 0;\ninternal static class Entry;"));

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // File-scoped namespaces (a warning in .editorconfig otherwise) put every top-level type at the start of its line.
    [GeneratedRegex("""
        ^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*
        (?:(?:class|interface|enum|struct|record(?:\s+(?:class|struct))?)\s+|delegate\s+[^(;]*?\s)
        (?<name>\w+)
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TopLevelType();
}
