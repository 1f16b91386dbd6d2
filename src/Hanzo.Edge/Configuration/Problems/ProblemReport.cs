namespace Hanzo.Edge.Configuration.Problems;

/// <summary>Prints the problems of one file, for people; every command that refuses a file says so in the same words.</summary>
internal static class ProblemReport
{
    /// <summary>Writes every problem and, where there is one, a last line that counts them.</summary>
    /// <param name="result">What was read.</param>
    /// <param name="file">The file, as the user named it.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ConfigurationResult result, string file, TextWriter output)
    {
        foreach (var problem in result.Problems)
            output.WriteLine(problem.Show(file));
        if (!result.Problems.IsEmpty)
            output.WriteLine($"{file}: {Count(result.Errors, "error")}, {Count(result.Warnings, "warning")}");
    }

    /// <summary><c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(IEnumerable<Problem> problems, string word)
    {
        var count = problems.Count();
        return $"{count} {word}{(count == 1 ? "" : "s")}";
    }
}
