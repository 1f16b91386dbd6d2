namespace Hanzo.Drills.Wan;

/// <summary>What one direction between two sites does to packets.</summary>
internal sealed record LinkQuality
{
    public static readonly LinkQuality Perfect = new();

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to so much more, at random; packets of one direction do not overtake each other.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The share of packets that is lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Bytes a second; 0 is without bound.</summary>
    public double Bandwidth { get; init; }

    /// <summary>Nothing passes, and nobody is told.</summary>
    public bool Cut { get; init; }
}
