using System.Collections.Immutable;

namespace Hanzo.Drills.Checkers;

/// <summary>A command that a person can paste, and what its answer must hold.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Command">One line for a POSIX shell.</param>
/// <param name="Expected">Each stands somewhere in the answer, in upper or lower case: names of header fields have no case.</param>
internal sealed record WalkStep(string Title, string Command, ImmutableArray<string> Expected)
{
    /// <summary>The process that the step ends; null for none.</summary>
    public string? Ends { get; init; }

    /// <summary>What the answer lacks.</summary>
    public IReadOnlyList<string> MissingFrom(string answer) =>
        [.. Expected.Where(text => !answer.Contains(text, StringComparison.OrdinalIgnoreCase))];
}
