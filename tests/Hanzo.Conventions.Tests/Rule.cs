namespace Hanzo.Conventions.Tests;

/// <summary>A convention of this repository: a function from a tree to what breaks it.</summary>
internal delegate IEnumerable<Violation> Rule(Tree tree);

internal static class RuleAssertions
{
    /// <summary>The repository keeps the rule; else the test fails with every violation on its own line.</summary>
    public static void HoldsHere(this Rule rule)
    {
        var broken = rule(Tree.Repository).ToList();
        Assert.True(broken.Count == 0, $"{broken.Count} to mend:\n{string.Join('\n', broken)}");
    }

    /// <summary>The rule finds exactly one thing wrong with these files; its message is the answer.</summary>
    public static string BrokenBy(this Rule rule, params (string Path, string Text)[] files) =>
        Assert.Single(rule(Tree.Of(files))).ToString();

    /// <summary>The rule has nothing to say about these files.</summary>
    public static void KeptBy(this Rule rule, params (string Path, string Text)[] files) =>
        Assert.Empty(rule(Tree.Of(files)).Select(violation => violation.ToString()));
}
