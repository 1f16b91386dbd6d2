namespace Hanzo.Edge.Health.Passive;

/// <summary>
/// For how long an endpoint is out because requests failed there. Each repeat doubles the time up to a bound; each
/// <see cref="PassiveOptions.EjectFor"/> in which it is fit takes one repeat back. Time in which it is out, or probes find it
/// down, forgives nothing: an outage of an hour is no hour of good conduct.
/// </summary>
/// <param name="Repeats">Ejections not yet forgiven when it was last seen to become fit or unfit; 0 for none ever.</param>
/// <param name="Until">When the last one ends, on the board's clock.</param>
/// <param name="FitSince">Since when it is fit; <see cref="TimeSpan.MaxValue"/> while it is not.</param>
internal readonly record struct Ejection(double Repeats, TimeSpan Until, TimeSpan FitSince)
{
    /// <summary>Where doubling stops, so that it cannot overflow; every sensible bound is reached before.</summary>
    private const int MaxRepeats = 32;

    public bool IsActive(TimeSpan now) => Repeats > 0 && now < Until;

    /// <summary>The endpoint is fit from now on.</summary>
    public Ejection Rise(TimeSpan now) => this with { FitSince = now };

    /// <summary>The endpoint is not fit any more.</summary>
    public Ejection Fall(TimeSpan now, PassiveOptions options) =>
        this with { Repeats = now > FitSince ? Math.Max(0, Repeats - (now - FitSince) / options.EjectFor) : Repeats, FitSince = TimeSpan.MaxValue };

    /// <summary>The ejection that begins now.</summary>
    public Ejection Again(TimeSpan now, PassiveOptions options)
    {
        var repeats = Math.Min((int)Math.Ceiling(Fall(now, options).Repeats) + 1, MaxRepeats);
        var time = options.EjectFor * Math.Pow(2, repeats - 1);
        return new Ejection(repeats, now + (time < options.MaxEjectFor ? time : options.MaxEjectFor), TimeSpan.MaxValue);
    }
}
