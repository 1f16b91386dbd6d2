using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Something that customers are promised, with its bound.</summary>
/// <param name="Name">What drill files, reports and JUnit call it.</param>
internal abstract record Promise(string Name)
{
    protected const int MostEvidence = 5;

    /// <summary>Whether it held in what a drill saw.</summary>
    public abstract Finding Judge(DrillRecord record);
}

/// <summary>Whether a promise held, by how much, and what to do if not.</summary>
/// <param name="Promise">Its name.</param>
/// <param name="Text">What was promised, in words.</param>
/// <param name="Unit">Of the two numbers: share, seconds or count.</param>
/// <param name="AtLeast">Whether <paramref name="Measured"/> may not be below <paramref name="Bound"/>; otherwise not above.</param>
/// <param name="Measured">Null where there was nothing to measure, which breaks a promise, too.</param>
/// <param name="Evidence">What broke it first.</param>
/// <param name="Advice">What to look at.</param>
internal sealed record Finding(
    string Promise, string Text, string Unit, bool AtLeast, double Bound, double? Measured, IReadOnlyList<string> Evidence, string Advice)
{
    public bool Held => Measured is { } measured && (AtLeast ? measured >= Bound : measured <= Bound);

    public string BoundText => $"{(AtLeast ? "at least" : "at most")} {Write(Bound)}";

    public string MeasuredText => Measured is { } measured ? Write(measured) : "nothing to measure";

    private string Write(double value) => Unit switch
    {
        "share" => FormattableString.Invariant($"{value * 100:0.###} %"),
        "seconds" => FormattableString.Invariant($"{value:0.000} s"),
        _ => FormattableString.Invariant($"{value:0.###}"),
    };
}
