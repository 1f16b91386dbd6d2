namespace Hanzo.Commerce.Node.Inventory;

/// <summary>Something that happens at a time.</summary>
internal readonly record struct Deadline(DateTimeOffset At, DeadlineKind Kind, string Key);

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
