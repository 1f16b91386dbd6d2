using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration;

/// <summary>What became of reading one configuration file.</summary>
internal sealed record ConfigurationResult
{
    /// <summary>The configuration, or null where there are errors.</summary>
    public EdgeConfiguration? Configuration { get; init; }

    /// <summary>Everything wrong or surprising, in the order of the file.</summary>
    public required ImmutableArray<Problem> Problems { get; init; }

    /// <summary>Full paths of the files that values were taken from.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The problems that keep the file from being used.</summary>
    public IEnumerable<Problem> Errors => Problems.Where(problem => problem.Severity == Severity.Error);

    /// <summary>The problems that do not.</summary>
    public IEnumerable<Problem> Warnings => Problems.Where(problem => problem.Severity == Severity.Warning);
}
