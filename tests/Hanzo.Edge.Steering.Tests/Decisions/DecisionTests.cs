using System.Runtime.CompilerServices;

namespace Hanzo.Edge.Steering.Tests.Decisions;

/// <summary>Plays every file of decisions beside this one. HANZO_REFRESH=1 writes today's answers into them: read the diff.</summary>
public sealed class DecisionTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Steering_decides_as_written_in(string file)
    {
        var path = Path.Combine(Folder(), file);
        var written = File.ReadAllText(path);

        var played = DecisionFile.Play(written);

        if (Environment.GetEnvironmentVariable("HANZO_REFRESH") == "1") File.WriteAllText(path, played);
        else Assert.Equal(written, played);
    }

    [Fact]
    public void A_wrong_answer_is_seen()
    {
        const string wrong = "region dublin\nask london\n  1  paris\n";

        Assert.NotEqual(wrong, DecisionFile.Play(wrong));
    }

    [Fact]
    public void A_line_that_says_nothing_known_is_an_error()
    {
        Assert.Throws<FormatException>(() => DecisionFile.Play("regoin dublin\n"));
        Assert.Throws<FormatException>(() => DecisionFile.Play("region dublin\nask london form 10.0.0.1\n"));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
