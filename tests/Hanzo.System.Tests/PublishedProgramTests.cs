using System.Text.RegularExpressions;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>What the images hold: published by the very commands of the Dockerfile, and run as its drill image runs it.</summary>
public sealed partial class PublishedProgramTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-published-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Published_programs_start_a_world_that_answers_as_it_should_and_leave_nothing_running()
    {
        var commands = Publish().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile")));
        Assert.Equal(["src/Hanzo.Edge", "src/Hanzo.Commerce.Node", "src/Hanzo.Drills"], commands.Select(command => command.Groups["project"].Value));
        foreach (Match command in commands)
        {
            // The images copy the programs into one directory; here they are published into it.
            await using var publish = RunningProgram.Start(
                "dotnet", ["publish", command.Groups["project"].Value, .. command.Groups["options"].Value.Split(' '), "-o", _directory.FullName, "--disable-build-servers"]);
            Assert.True(await publish.Exit(TimeSpan.FromMinutes(3)) == 0, publish.Output);
        }
        foreach (var folder in new[] { "config", "data" })
            Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, folder), Path.Combine(Repository.Root, folder));

        await using var up = RunningProgram.Start(
            Path.Combine(_directory.FullName, "hanzo-drill"),
            ["up", "--once", "--programs", _directory.FullName, "--runs", _directory.FullName, "--port-base", $"{ReservedPorts.Take(5)}"]);
        var exitCode = await up.Exit(TimeSpan.FromSeconds(60));

        Assert.True(exitCode == 0, up.Output);
        Assert.Contains("ok   A client in London is answered by eu-west", up.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", up.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?m)^RUN dotnet publish (?<project>\S+) (?<options>.*) -o /out/\w+$")]
    private static partial Regex Publish();
}
