using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hanzo.Conventions.Tests.Projects;

/// <summary>A build today and a build in a year take the same packages, from wherever they are kept.</summary>
public sealed partial class PackageTests
{
    private static readonly Rule ExactPins = tree =>
        from file in tree.Files
        where file.Name == "Directory.Packages.props"
        from item in XElement.Parse(file.Text, LoadOptions.SetLineInfo).Descendants("PackageVersion")
        where !ExactVersion().IsMatch((string?)item.Attribute("Version") ?? "")
        select file.Breaks(ProjectFile.LineOf(item),
            $"{ProjectFile.Include(item)} has version {(string?)item.Attribute("Version")}", "Pin it exactly, like [1.2.3]");

    private static readonly Rule OnePlaceForVersions = tree =>
        from file in tree.Files
        where file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Name == "Directory.Build.props"
        from item in XElement.Parse(file.Text, LoadOptions.SetLineInfo).Descendants("PackageReference")
        from name in new[] { "Version", "VersionOverride" }
        where item.Attribute(name) is not null
        select file.Breaks(ProjectFile.LineOf(item), $"{ProjectFile.Include(item)} has its own {name}", "State the version in Directory.Packages.props");

    private static readonly Rule Locks = tree =>
        from project in ProjectFile.AllOf(tree)
        where !tree.Has($"{project.File.Folder}/packages.lock.json")
        select project.File.Breaks(1, $"{project.Name} has no packages.lock.json", "Run dotnet restore and commit the file");

    private static readonly Rule LocksNameNoHost = tree =>
        from file in tree.Files
        where file.Name == "packages.lock.json"
        from hit in Address().Matches(file.Text)
        select file.BreaksAt(hit.Index, $"A lock file names {hit.Value}", "Restore again without the source that wrote it");

    [Fact]
    public void Every_package_is_pinned_exactly() => ExactPins.HoldsHere();

    [Fact]
    public void Every_version_stands_in_one_place() => OnePlaceForVersions.HoldsHere();

    [Fact]
    public void Every_project_has_its_lock_file() => Locks.HoldsHere();

    [Fact]
    public void No_lock_file_names_a_host() => LocksNameNoHost.HoldsHere();

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("[1.2.3,)")]
    [InlineData("1.*")]
    [InlineData("")]
    public void A_floating_version_is_found(string version) =>
        Assert.Equal(
            $"Directory.Packages.props:2: Polly.Core has version {version}. Pin it exactly, like [1.2.3].",
            ExactPins.BrokenBy(("Directory.Packages.props",
                $"<Project>\n<PackageVersion Include=\"Polly.Core\" Version=\"{version}\" />\n<PackageVersion Include=\"xunit\" Version=\"[2.9.3]\" />\n</Project>")));

    [Theory]
    [InlineData("Version")]
    [InlineData("VersionOverride")]
    public void A_version_beside_the_reference_is_found(string attribute) =>
        Assert.Equal(
            $"src/A/A.csproj:1: Polly.Core has its own {attribute}. State the version in Directory.Packages.props.",
            OnePlaceForVersions.BrokenBy(("src/A/A.csproj", $"<Project><PackageReference Include=\"Polly.Core\" {attribute}=\"[1.0.0]\" /></Project>")));

    [Fact]
    public void A_project_without_a_lock_file_is_found() =>
        Assert.Equal(
            "src/A/A.csproj:1: A has no packages.lock.json. Run dotnet restore and commit the file.",
            Locks.BrokenBy(("src/A/A.csproj", "<Project />"), ("src/B/B.csproj", "<Project />"), ("src/B/packages.lock.json", "{}")));

    [Fact]
    public void A_lock_file_that_names_a_host_is_found() =>
        Assert.Equal(
            "src/A/packages.lock.json:2: A lock file names https://packages.example. Restore again without the source that wrote it.",
            LocksNameNoHost.BrokenBy(("src/A/packages.lock.json", "{\n\"source\": \"https://packages.example/v3\" }")));

    [GeneratedRegex(@"^\[\d+(\.\d+){1,3}(-[0-9A-Za-z.-]+)?\]$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"https?://[\w.-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
