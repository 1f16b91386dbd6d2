namespace Hanzo.Edge.Health.State;

/// <summary>
/// The way of an endpoint that was seen failing back to its full share, in tenths: one that comes back cold would fall
/// again under all of its requests at once.
/// </summary>
/// <param name="Since">When it came back, on the board's clock.</param>
/// <param name="Time">How long the way takes.</param>
/// <param name="Tenths">How much of its weight counts, 1 to 10.</param>
internal readonly record struct SlowStart(TimeSpan Since, TimeSpan Time, int Tenths)
{
    /// <summary>The full share: how every endpoint begins.</summary>
    public static SlowStart Over { get; } = new(TimeSpan.Zero, TimeSpan.Zero, 10);

    public double Share => Tenths / 10.0;

    /// <summary>When the next tenth is due, or null where none is.</summary>
    public TimeSpan? NextStep => Tenths < 10 ? Since + Time * Tenths / 10 : null;

    /// <summary>The way that begins now.</summary>
    public static SlowStart From(TimeSpan now, TimeSpan time) => time > TimeSpan.Zero ? new(now, time, 1) : Over;

    /// <summary>How far it is now.</summary>
    public SlowStart At(TimeSpan now) => Tenths == 10 ? this : this with { Tenths = (int)Math.Clamp(Math.Floor((now - Since) / Time * 10 + 1e-6) + 1, 1, 10) };
}
