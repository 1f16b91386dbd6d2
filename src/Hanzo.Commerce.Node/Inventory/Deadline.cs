namespace Hanzo.Commerce.Node.Inventory;

/// <summary>Something that happens at a time. Ordered by time, then by what cannot be equal, so that every replica takes them in one order.</summary>
internal readonly record struct Deadline(DateTimeOffset At, DeadlineKind Kind, string Key) : IComparable<Deadline>
{
    public int CompareTo(Deadline other) =>
        At != other.At ? At.CompareTo(other.At)
        : Kind != other.Kind ? Kind.CompareTo(other.Kind)
        : string.CompareOrdinal(Key, other.Key);
}

internal enum DeadlineKind
{
    /// <summary>A held reservation's time is over.</summary>
    Expire,

    /// <summary>A part has not heard of its home.</summary>
    AskHome,

    /// <summary>A reservation that is over is no longer kept.</summary>
    ForgetReservation,

    /// <summary>A settled part is no longer kept.</summary>
    ForgetPart,
}
