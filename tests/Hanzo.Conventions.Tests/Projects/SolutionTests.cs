namespace Hanzo.Conventions.Tests.Projects;

/// <summary>What is not in the solution is neither built nor tested; what has no documentation file lets docstrings be forgotten.</summary>
public sealed class SolutionTests
{
    private static readonly Rule Membership = tree =>
        from solution in tree.Files
        where solution.Name == "Hanzo.Edge.sln"
        from project in ProjectFile.AllOf(tree)
        where !solution.Text.Replace('\\', '/').Contains($"\"{project.File.Path}\"")
        select project.File.Breaks(1, $"{project.Name} is not in {solution.Name}", $"Run dotnet sln add {project.File.Path}");

    private static readonly Rule Docstrings = tree =>
        from project in ProjectFile.AllOf(tree)
        where project.Kind == "src" && !project.IsProgram
        where project.Property("GenerateDocumentationFile") != "true" || (project.Property("NoWarn")?.Contains("1591") ?? false)
        select project.File.Breaks(1, $"{project.Name} lets public types go without a docstring",
            "Set GenerateDocumentationFile to true and leave warning 1591 on");

    [Fact]
    public void Every_project_is_in_the_solution() => Membership.HoldsHere();

    [Fact]
    public void Every_library_asks_for_docstrings() => Docstrings.HoldsHere();

    [Fact]
    public void A_project_outside_the_solution_is_found() =>
        Assert.Equal(
            "src/B/B.csproj:1: B is not in Hanzo.Edge.sln. Run dotnet sln add src/B/B.csproj.",
            Membership.BrokenBy(
                ("Hanzo.Edge.sln", "Project(\"{1}\") = \"A\", \"src\\A\\A.csproj\", \"{2}\""),
                ("src/A/A.csproj", "<Project />"),
                ("src/B/B.csproj", "<Project />")));

    [Theory]
    [InlineData("")]
    [InlineData("<GenerateDocumentationFile>true</GenerateDocumentationFile><NoWarn>CS1591</NoWarn>")]
    public void A_library_without_docstrings_is_found(string properties) =>
        Assert.Contains("src/A/A.csproj:1: A lets public types go without a docstring", Docstrings.BrokenBy(
            ("src/A/A.csproj", $"<Project>{properties}</Project>"),
            ("src/B/B.csproj", "<Project><OutputType>Exe</OutputType></Project>")));
}
