namespace Hanzo.Commerce.Crdt.Clocks;

/// <summary>
/// A time of the hybrid logical clock: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16. Later compares
/// greater. A counter that overflows carries into the milliseconds.
/// </summary>
/// <param name="Value">Both parts in one number.</param>
public readonly record struct HybridTime(ulong Value) : IComparable<HybridTime>
{
    internal const int CounterBits = 16;

    /// <summary>The part that follows the wall clock.</summary>
    public DateTimeOffset WallTime => DateTimeOffset.UnixEpoch.AddMilliseconds(Value >> CounterBits);

    /// <summary>The first time of a millisecond.</summary>
    /// <param name="now">Between 1970 and 9999.</param>
    public static HybridTime At(DateTimeOffset now) => new((ulong)now.ToUnixTimeMilliseconds() << CounterBits);

    /// <inheritdoc/>
    public int CompareTo(HybridTime other) => Value.CompareTo(other.Value);
}
