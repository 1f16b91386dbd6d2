using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Code;

/// <summary>Habits that hide a problem instead of ending it.</summary>
public sealed partial class HabitTests
{
    private const int LongestFile = 400;

    private static readonly string[] ScriptEndings = [".sh", ".yaml", ".yml", ".csproj", ".props", ".lua"];

    private static readonly Rule Rule = tree => tree.CSharp().SelectMany(file => InCode(file).Concat(Unfinished(file)));

    private static readonly Rule Length = tree =>
        from file in tree.CSharp("src")
        let lines = file.Text.AsSpan().Count('\n')
        where lines > LongestFile
        select file.Breaks(LongestFile + 1, $"{lines} lines", $"Split it by idea: a file has at most {LongestFile}");

    private static readonly Rule UnfinishedScripts = tree =>
        from file in tree.Files
        where ScriptEndings.Any(file.Name.EndsWith) || !file.Name.Contains('.')
        from hit in UnfinishedWord().Matches(file.Text)
        select Unfinished(file, hit);

    [Fact]
    public void No_code_has_a_habit_that_hides_a_problem() => Rule.HoldsHere();

    [Fact]
    public void No_script_or_setting_is_left_unfinished() => UnfinishedScripts.HoldsHere();

    [Fact]
    public void No_source_file_is_too_long_to_read() => Length.HoldsHere();

    [Theory]
    [InlineData("  #pragma warning disable CA1031", "A warning is switched off")]
    [InlineData("[Fact(Skip = \"flaky\")]", "A test is skipped")]
    [InlineData("throw new NotImplementedException();", "Something is not implemented")]
    [InlineData("Thread.Sleep(span);", "A thread sleeps")]
    [InlineData("await Task.Delay(100);", "A wait is guessed")]
    [InlineData("await Task.Delay( 100, token);", "A wait is guessed")]
    [InlineData("try { A(); } catch (Exception) { }", "An exception is swallowed")]
    [InlineData("try { A(); } catch { }", "An exception is swallowed")]
    [InlineData("// TODO later", "TODO is left")]
    [InlineData("/* FIXME */", "FIXME is left")]
    [InlineData("// a HACK", "HACK is left")]
    public void A_bad_habit_is_found(string line, string what) =>
        Assert.StartsWith($"tests/A/B.cs:2: {what}. ", Rule.BrokenBy(("tests/A/B.cs", $"namespace A;\n{line}\n")));

    [Theory]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), time, token);")]
    [InlineData("var text = \"#pragma TODO Skip = Thread.Sleep\";")]
    [InlineData("items.Skip(3); var next = list.Skip == 2;")]
    [InlineData("try { A(); } catch (OperationCanceledException) { return; }")]
    [InlineData("// A hackney carriage; the to-do list")]
    public void An_innocent_line_is_no_violation(string line) => Rule.KeptBy(("src/A/B.cs", line));

    [Fact]
    public void An_unfinished_script_is_found() =>
        Assert.Equal(
            "bench/peers/proxy:2: TODO is left. Do it now, or write the issue and delete the note.",
            UnfinishedScripts.BrokenBy(("bench/peers/proxy", "#!/bin/sh\n# TODO trap\n")));

    [Fact]
    public void A_file_too_long_to_read_is_found() =>
        Assert.Equal(
            "src/A/B.cs:401: 401 lines. Split it by idea: a file has at most 400.",
            Length.BrokenBy(("src/A/B.cs", new string('\n', 401)), ("src/A/C.cs", new string('\n', 400)), ("tests/A/D.cs", new string('\n', 500))));

    private static IEnumerable<Violation> InCode(TextFile file) =>
        from habit in new (Regex Shape, string What, string Fix)[]
        {
            (Pragma(), "A warning is switched off", "Mend what it warns of, or set its severity in .editorconfig with the reason"),
            (SkippedTest(), "A test is skipped", "Mend it or delete it"),
            (NotImplemented(), "Something is not implemented", "Implement it or delete the member"),
            (Sleep(), "A thread sleeps", "Await a timer of the TimeProvider, or Eventually in a test with real processes"),
            (GuessedDelay(), "A wait is guessed", "Pass the TimeProvider, or use Eventually in a test with real processes"),
            (EmptyCatch(), "An exception is swallowed", "Handle it, count it, or say with a when clause which one is expected"),
        }
        from hit in habit.Shape.Matches(file.CSharp.Code)
        select file.BreaksAt(hit.Index + hit.Length - 1, habit.What, habit.Fix);

    private static IEnumerable<Violation> Unfinished(TextFile file) =>
        from hit in UnfinishedWord().Matches(file.CSharp.CodeAndComments)
        select Unfinished(file, hit);

    private static Violation Unfinished(TextFile file, Match hit) =>
        file.BreaksAt(hit.Index, $"{hit.Value} is left", "Do it now, or write the issue and delete the note");

    [GeneratedRegex(@"^[ \t]*#[ \t]*pragma\b", RegexOptions.Multiline)]
    private static partial Regex Pragma();

    [GeneratedRegex(@"[(,]\s*Skip\s*=(?!=)")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\(\s*\d")]
    private static partial Regex GuessedDelay();

    [GeneratedRegex(@"\bcatch\s*(?:\(\s*\w+(?:\s+\w+)?\s*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK)\b")]
    private static partial Regex UnfinishedWord();
}
