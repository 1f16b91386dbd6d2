using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>What a command expects of the version that it replaces: If-Match and If-None-Match, checked where the version cannot change meanwhile.</summary>
/// <param name="Match">Versions of which one must be there; "*" is any. Empty when nothing is expected.</param>
/// <param name="NoneMatch">Versions of which none may be there.</param>
internal sealed record Condition(ImmutableArray<string> Match, ImmutableArray<string> NoneMatch)
{
    public static Condition None { get; } = new([], []);

    public bool NamesVersions => !Match.IsEmpty;

    /// <param name="version">The version that is there, or null for nothing.</param>
    public bool Holds(string? version) => (Match.IsEmpty || IsAmong(Match, version)) && !IsAmong(NoneMatch, version);

    private static bool IsAmong(ImmutableArray<string> versions, string? version) =>
        version is not null && (versions.Contains("*") || versions.Contains(version));
}
