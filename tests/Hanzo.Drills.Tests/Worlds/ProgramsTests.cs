using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class ProgramsTests
{
    [Fact]
    public void What_is_missing_from_a_directory_of_programs_is_told()
    {
        var directory = Directory.CreateTempSubdirectory("hanzo-programs-");
        File.WriteAllText(Path.Combine(directory.FullName, "hanzo-node"), "");

        Assert.Equal(
            [Path.Combine(directory.FullName, "hanzo-edge"), Path.Combine(directory.FullName, "config", "edge.yaml")],
            Programs.Published(directory.FullName).Missing);
        directory.Delete(recursive: true);
    }

    [Fact]
    public void The_source_tree_is_found_from_anywhere_inside_it()
    {
        Assert.NotNull(SourceTree.FindRoot(AppContext.BaseDirectory));
        Assert.Null(SourceTree.FindRoot(Path.GetTempPath()));
        Assert.Equal(SourceTree.FindRoot(AppContext.BaseDirectory), SourceTree.FindRoot(Path.GetTempPath(), AppContext.BaseDirectory));
    }
}
