using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Tests.Configuration;

/// <summary>Each file in Broken has one kind of mistake, and beside it what is said about it.</summary>
public sealed class BrokenFileTests
{
    private const string Folder = "tests/Hanzo.Edge.Tests/Configuration/Broken";

    public static TheoryData<string> Files
        => [.. Directory.EnumerateFiles(Path.Combine(Read.Root, Folder), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Says_what_is_wrong_and_how_to_mend_it(string name)
    {
        var result = Read.With(("SECRET", "hunter2")).ReadFile(Path.Combine(Read.Root, Folder, name + ".yaml"));
        var output = new StringWriter();
        ProblemReport.Write(result, name + ".yaml", output);
        var said = output.ToString().Replace(Read.Root, "ROOT", StringComparison.Ordinal);

        Kept.Holds($"{Folder}/{name}.txt", said);
        Assert.NotEmpty(result.Problems);
        Assert.Equal(result.Configuration is null, result.Errors.Any());
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }
}
