namespace Hanzo.Conventions.Tests.Projects;

/// <summary>The edge ships as native code: what it is made of is built under the analyzers that find what such code cannot do.</summary>
public sealed class NativeTests
{
    private static readonly Rule Analyzed = tree =>
    {
        var projects = ProjectFile.AllOf(tree).ToDictionary(project => project.Name);
        return
            from name in PartsOf("Hanzo.Edge", projects).Distinct()
            where projects[name].Property("IsAotCompatible") != "true"
            select projects[name].File.Breaks(1, $"{name} is part of the edge and does not say IsAotCompatible", "Set it to true, so that what native code cannot do is an error");
    };

    [Fact]
    public void What_the_edge_is_made_of_is_fit_for_native_code() => Analyzed.HoldsHere();

    [Fact]
    public void A_part_of_a_part_that_does_not_say_so_is_found() =>
        Assert.Equal(
            "src/B/B.csproj:1: B is part of the edge and does not say IsAotCompatible. Set it to true, so that what native code cannot do is an error.",
            Analyzed.BrokenBy(
                Project("Hanzo.Edge", "<IsAotCompatible>true</IsAotCompatible><ProjectReference Include=\"../A/A.csproj\" />"),
                Project("A", "<IsAotCompatible>true</IsAotCompatible><ProjectReference Include=\"../B/B.csproj\" />"),
                Project("B", ""),
                Project("Elsewhere", "")));

    private static IEnumerable<string> PartsOf(string name, Dictionary<string, ProjectFile> projects) =>
        projects.TryGetValue(name, out var project)
            ? project.References.SelectMany(part => PartsOf(part.Name, projects)).Prepend(name)
            : [];

    private static (string Path, string Text) Project(string name, string content) =>
        ($"src/{name}/{name}.csproj", $"<Project>{content}</Project>");
}
