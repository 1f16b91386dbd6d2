using System.Collections.Immutable;

namespace Hanzo.Edge.Configuration.Problems;

/// <summary>Collects every problem of one reading, so that all are told at once.</summary>
internal sealed class ProblemList
{
    /// <summary>Problems kept at most; a file that is wrong everywhere is not told line by line.</summary>
    public const int Limit = 200;

    private readonly List<Problem> problems = [];

    /// <summary>How many errors there are so far.</summary>
    public int Errors { get; private set; }

    /// <summary>Adds what keeps the file from being used.</summary>
    public void Error(Position at, string message, string? fix = null)
    {
        Errors++;
        Add(new Problem(Severity.Error, at, message, fix));
    }

    /// <summary>Adds what may surprise.</summary>
    public void Warn(Position at, string message, string? fix = null)
        => Add(new Problem(Severity.Warning, at, message, fix));

    /// <summary>The problems in the order of the file, each once.</summary>
    public ImmutableArray<Problem> InFileOrder() => [.. problems.Distinct().OrderBy(p => p.At)];

    private void Add(Problem problem)
    {
        if (problems.Count < Limit)
            problems.Add(problem);
    }
}
