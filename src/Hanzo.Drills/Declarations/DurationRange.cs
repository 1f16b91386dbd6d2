namespace Hanzo.Drills.Declarations;

/// <summary>A time that is fixed, or that a seed chooses between two.</summary>
internal readonly record struct DurationRange(TimeSpan From, TimeSpan To)
{
    public TimeSpan Choose(Random random) => From + (To - From) * random.NextDouble();
}
