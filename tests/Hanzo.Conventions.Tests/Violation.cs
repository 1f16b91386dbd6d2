namespace Hanzo.Conventions.Tests;

/// <summary>A rule broken: where, what, and what to do about it.</summary>
internal sealed record Violation(string Path, int Line, string What, string Fix)
{
    public override string ToString() => $"{Path}:{Line}: {What}. {Fix}.";
}
