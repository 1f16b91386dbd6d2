namespace Hanzo.Edge.Health.State;

/// <summary>A round-trip time smoothed over probes as TCP smooths its own (RFC 6298 §2): one slow connection moves it by an eighth.</summary>
/// <param name="Smoothed">The smoothed time, or null before the first sample.</param>
internal readonly record struct RoundTrip(TimeSpan? Smoothed)
{
    /// <summary>The time after one more sample; a probe without one (it never connected) leaves it as it is.</summary>
    public RoundTrip After(TimeSpan? sample) => (Smoothed, sample) switch
    {
        (_, null) => this,
        (null, _) => new(sample),
        ({ } smoothed, { } fresh) => new(smoothed + (fresh - smoothed) / 8),
    };
}
