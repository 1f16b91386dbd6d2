using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>What one reading of a file gathers besides values: its problems, and names to be compared once all are known.</summary>
/// <param name="directory">What paths in the file are relative to.</param>
/// <param name="problems">Takes every problem.</param>
/// <param name="homesOfKey">Where in a file a key may stand; for whoever wrote it elsewhere.</param>
internal sealed class Reading(string directory, ProblemList problems, Func<string, IReadOnlyList<string>> homesOfKey)
{
    private readonly List<(string Name, Located<string> Written)> regionsMeant = [];

    /// <summary>Every problem so far.</summary>
    public ProblemList Problems { get; } = problems;

    /// <summary>Where in a file the key <paramref name="name"/> may stand.</summary>
    public IReadOnlyList<string> HomesOf(string name) => homesOfKey(name);

    /// <summary>The full path of a file named in the configuration.</summary>
    public string FullPath(string path) => Path.GetFullPath(Path.Combine(directory, path));

    /// <summary>Remembers that a region is meant by name; <see cref="CheckRegions"/> says whether there is one.</summary>
    public void MeansRegion(string name, string written, Position at, string subject) => regionsMeant.Add((name, new Located<string>(written, at, subject)));

    /// <summary>Tells every region that was meant but is not there.</summary>
    public void CheckRegions(ImmutableArray<string> names)
    {
        foreach (var (_, meant) in regionsMeant.Where(meant => !names.Contains(meant.Name)))
        {
            Problems.Error(
                meant.At,
                $"{meant.Subject}: there is no region '{meant.Value}'{Suggestion.DidYouMean(meant.Value, names)}",
                names.IsEmpty ? "describe it under `regions`" : $"the regions are {string.Join(", ", names)}");
        }
    }
}

/// <summary>A value with where it stands.</summary>
/// <param name="Value">The value.</param>
/// <param name="At">Its first character.</param>
/// <param name="Subject">The keys that lead to it, as messages begin.</param>
internal sealed record Located<T>(T Value, Position At, string Subject);
