namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>How many cases a law is tried with: a nightly run asks for more.</summary>
internal static class Cases
{
    /// <summary>The environment variable that holds the number of cases of a law.</summary>
    public const string Variable = "HANZO_CRDT_CASES";

    public static int PerLaw { get; } = int.TryParse(Environment.GetEnvironmentVariable(Variable), out var cases) ? cases : 2_000;
}
