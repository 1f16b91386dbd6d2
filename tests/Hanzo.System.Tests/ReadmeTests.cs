using System.Text.RegularExpressions;
using Hanzo.System.Tests.Support;

namespace Hanzo.System.Tests;

/// <summary>The two commands that a newcomer types first are those that continuous integration runs.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void The_first_block_of_the_readme_is_the_two_commands()
    {
        var block = FirstShellBlock().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        Assert.Equal("dotnet run --project src/Hanzo.Drills -- up\ndotnet test Hanzo.Edge.sln\n", block.Groups[1].Value);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstShellBlock();
}
