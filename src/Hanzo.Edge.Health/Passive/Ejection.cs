namespace Hanzo.Edge.Health.Passive;

/// <summary>
/// For how long an endpoint is out because requests failed there. Each repeat doubles the time up to a bound; each
/// <see cref="PassiveOptions.EjectFor"/> without ejection takes one repeat back.
/// </summary>
/// <param name="Repeats">Ejections not yet forgotten when the last one began, itself included; 0 for none ever.</param>
/// <param name="Until">When the last one ends, on the board's clock.</param>
internal readonly record struct Ejection(int Repeats, TimeSpan Until)
{
    /// <summary>Where doubling stops, so that it cannot overflow; every sensible bound is reached before.</summary>
    private const int MaxRepeats = 32;

    public bool IsActive(TimeSpan now) => Repeats > 0 && now < Until;

    /// <summary>The ejection that begins now.</summary>
    public Ejection Again(TimeSpan now, PassiveOptions options)
    {
        var forgotten = Math.Max(0, (now - Until) / options.EjectFor);
        var repeats = Math.Min((int)Math.Max(0, Math.Ceiling(Repeats - forgotten)) + 1, MaxRepeats);
        var time = options.EjectFor * Math.Pow(2, repeats - 1);
        return new Ejection(repeats, now + (time < options.MaxEjectFor ? time : options.MaxEjectFor));
    }
}
