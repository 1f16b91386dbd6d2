namespace Hanzo.Edge.Health.Passive;

/// <summary>When the outcomes of real requests take an endpoint out, and for how long.</summary>
public sealed record PassiveOptions
{
    /// <summary>Failures in a row that eject an endpoint; 0 turns this rule off. 0 to 1000; default 5.</summary>
    public int Consecutive { get; init; } = 5;

    /// <summary>Share of failed requests in the window from which an endpoint is ejected; 0 turns this rule off. 0 to 1; default 0.5.</summary>
    public double FailureShare { get; init; } = 0.5;

    /// <summary>Requests that the window must hold before <see cref="FailureShare"/> is looked at. 1 to 1,000,000; default 20.</summary>
    public int MinimumRequests { get; init; } = 20;

    /// <summary>How far back outcomes count. 100 ms to 1 h; default 10 s. It moves in tenths of its length.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a first ejection lasts; each repeat doubles it, and each such time in which it is fit takes one repeat back. 100 ms to 1 h; default 10 s.</summary>
    public TimeSpan EjectFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an ejection lasts at most. <see cref="EjectFor"/> to 24 h; default 5 min.</summary>
    public TimeSpan MaxEjectFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of a region's endpoints that may be ejected at once; one may in any case. 0 to 1; default 0.5.</summary>
    public double MaxEjected { get; init; } = 0.5;

    /// <summary>How many of a region's endpoints may be ejected at once.</summary>
    internal int MaxEjectedOf(int endpoints) => Math.Max(1, (int)(MaxEjected * endpoints + 1e-9));
}
