namespace Hanzo.Conventions.Tests.Projects;

/// <summary>Which project may use which. The same arrows stand in docs/architecture.md.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Hanzo.Edge"] = ["Hanzo.Edge.Dns", "Hanzo.Edge.Health", "Hanzo.Edge.Steering", "Hanzo.Metering", "Hanzo.Sockets"],
        ["Hanzo.Edge.Dns"] = ["Hanzo.Edge.Steering"],
        ["Hanzo.Edge.Health"] = ["Hanzo.Edge.Steering"],
        ["Hanzo.Edge.Steering"] = [],
        ["Hanzo.Commerce.Node"] = ["Hanzo.Commerce.Crdt", "Hanzo.Metering", "Hanzo.Sockets"],
        ["Hanzo.Commerce.Crdt"] = [],
        ["Hanzo.Metering"] = [],
        ["Hanzo.Sockets"] = [],
        ["Hanzo.Drills"] = [],
    };

    private static readonly string[] PureCores = ["Hanzo.Edge.Steering", "Hanzo.Commerce.Crdt"];

    private static readonly Rule Rule = tree =>
    {
        var projects = ProjectFile.AllOf(tree).ToList();
        var kinds = projects.ToDictionary(project => project.Name, project => project.Kind);
        return projects.SelectMany(project => UnknownProject(project)
            .Concat(ForbiddenArrows(project, kinds))
            .Concat(BorrowedFiles(project))
            .Concat(ImpureCores(project)));
    };

    [Fact]
    public void The_projects_follow_the_arrows() => Rule.HoldsHere();

    [Fact]
    public void An_arrow_that_is_not_drawn_is_found()
    {
        Assert.Equal(
            "src/Hanzo.Drills/Hanzo.Drills.csproj:2: Hanzo.Drills uses Hanzo.Edge.Steering. It may use no project: remove the reference or move what it needs.",
            Rule.BrokenBy(Project("src/Hanzo.Drills", References("src/Hanzo.Edge.Steering"))));
        Assert.Contains(
            "Hanzo.Edge uses Hanzo.Commerce.Crdt. It may use only Hanzo.Edge.Dns, Hanzo.Edge.Health, Hanzo.Edge.Steering, Hanzo.Metering, Hanzo.Sockets",
            Rule.BrokenBy(Project("src/Hanzo.Edge", References("src/Hanzo.Commerce.Crdt"))));
    }

    [Fact]
    public void A_project_without_arrows_of_its_own_is_found() =>
        Assert.Equal(
            "src/Hanzo.Cache/Hanzo.Cache.csproj:1: Hanzo.Cache is not among the known projects. Draw its arrows in ProjectArrowTests and in docs/architecture.md.",
            Rule.BrokenBy(Project("src/Hanzo.Cache", "")));

    [Fact]
    public void Product_that_uses_a_test_project_is_found() =>
        Assert.Contains("Hanzo.Edge uses Hanzo.Testing", Rule.BrokenBy(
            Project("src/Hanzo.Edge", References("tests/Hanzo.Testing")),
            Project("tests/Hanzo.Testing", "")));

    [Fact]
    public void A_test_project_that_uses_another_is_found() =>
        Assert.Contains("Hanzo.Edge.Tests uses Hanzo.Drills.Tests. Move what both need to Hanzo.Testing", Rule.BrokenBy(
            Project("tests/Hanzo.Edge.Tests", References("tests/Hanzo.Drills.Tests")),
            Project("tests/Hanzo.Drills.Tests", "")));

    [Fact]
    public void Code_borrowed_by_file_is_found() =>
        Assert.Contains("compiles ../Hanzo.Edge/Program.cs from another folder", Rule.BrokenBy(
            Project("src/Hanzo.Drills", "<Compile Include=\"../Hanzo.Edge/Program.cs\" />")));

    [Theory]
    [InlineData("<PackageReference Include=\"Polly.Core\" />", "takes Polly.Core")]
    [InlineData("<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />", "takes Microsoft.AspNetCore.App")]
    public void A_pure_core_that_takes_a_package_is_found(string item, string what) =>
        Assert.Contains(what, Rule.BrokenBy(Project("src/Hanzo.Edge.Steering", "<PureCore>true</PureCore>\n" + item)));

    [Fact]
    public void A_core_that_forgot_to_be_pure_is_found() =>
        Assert.Contains("does not say PureCore", Rule.BrokenBy(Project("src/Hanzo.Commerce.Crdt", "")));

    [Fact]
    public void Drawn_arrows_test_arrows_and_build_order_are_no_violations() => Rule.KeptBy(
        Project("src/Hanzo.Edge", References("src/Hanzo.Edge.Health")),
        Project("src/Hanzo.Drills", "<ProjectReference Include=\"../Hanzo.Edge/Hanzo.Edge.csproj\" ReferenceOutputAssembly=\"false\" />"),
        Project("tests/Hanzo.Testing", ""),
        Project("tests/Hanzo.Edge.Tests", References("src/Hanzo.Edge") + References("tests/Hanzo.Testing")));

    private static IEnumerable<Violation> UnknownProject(ProjectFile project)
    {
        if (project.Kind == "src" && !Arrows.ContainsKey(project.Name))
        {
            yield return project.File.Breaks(1, $"{project.Name} is not among the known projects",
                "Draw its arrows in ProjectArrowTests and in docs/architecture.md");
        }
    }

    private static IEnumerable<Violation> ForbiddenArrows(ProjectFile project, Dictionary<string, string> kinds)
    {
        foreach (var (target, line) in project.References)
        {
            var fix = project.Kind == "src" ? ProductFix(project.Name, target) : OtherFix(target, kinds.GetValueOrDefault(target));
            if (fix is not null)
                yield return project.File.Breaks(line, $"{project.Name} uses {target}", fix);
        }
    }

    private static string? ProductFix(string name, string target)
    {
        var allowed = Arrows.GetValueOrDefault(name, []);
        if (allowed.Contains(target))
            return null;
        var only = allowed is [] ? "no project" : $"only {string.Join(", ", allowed)}";
        return $"It may use {only}: remove the reference or move what it needs";
    }

    private static string? OtherFix(string target, string? kind) =>
        kind == "tests" && target != "Hanzo.Testing" ? "Move what both need to Hanzo.Testing"
        : kind == "bench" ? "Nothing depends on a benchmark: move what both need"
        : null;

    private static IEnumerable<Violation> BorrowedFiles(ProjectFile project) =>
        from item in project.Items("Compile")
        where ProjectFile.Include(item).Contains("..")
        select project.File.Breaks(ProjectFile.LineOf(item),
            $"{project.Name} compiles {ProjectFile.Include(item)} from another folder", "Reference its project, or write what is needed here");

    private static IEnumerable<Violation> ImpureCores(ProjectFile project)
    {
        if (!PureCores.Contains(project.Name))
            yield break;
        if (project.Property("PureCore") != "true")
            yield return project.File.Breaks(1, $"{project.Name} does not say PureCore", "Set PureCore to true, so that files, sockets and clocks are banned in it");
        foreach (var item in project.Items("PackageReference").Concat(project.Items("FrameworkReference")))
            yield return project.File.Breaks(ProjectFile.LineOf(item), $"The pure core {project.Name} takes {ProjectFile.Include(item)}", "Remove it: a pure core computes with the base library alone");
    }

    private static (string Path, string Text) Project(string folder, string content) =>
        ($"{folder}/{folder.Split('/')[1]}.csproj", $"<Project>\n{content}\n</Project>");

    private static string References(string folder) =>
        $"<ProjectReference Include=\"../../{folder}/{folder.Split('/')[1]}.csproj\" />";
}
