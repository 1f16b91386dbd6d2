using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health.passive`: what the outcomes of real requests do to an endpoint.</summary>
internal static class PassiveSection
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly PassiveOptions Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<int> Consecutive = Keys.Optional("consecutive", Scalars.Integer(0, 1000), Defaults.Consecutive, "Failed requests in a row that eject an endpoint; 0 turns this rule off.");
    private static readonly Key<double> FailureShare = Keys.Optional("failureShare", Scalars.Decimal(0, 1, "a share, 0 to 1"), Defaults.FailureShare, "Share of failed requests in the window that ejects an endpoint; 0 turns this rule off.");
    private static readonly Key<int> MinimumRequests = Keys.Optional("minimumRequests", Scalars.Integer(1, 1_000_000), Defaults.MinimumRequests, "Requests that the window must hold before `failureShare` is looked at.");
    private static readonly Key<TimeSpan> Window = Keys.Optional("window", Scalars.Duration(Shortest, TimeSpan.FromHours(1)), Defaults.Window, "How far back outcomes count.");
    private static readonly Key<TimeSpan> EjectFor = Keys.Optional("ejectFor", Scalars.Duration(Shortest, TimeSpan.FromHours(1)), Defaults.EjectFor, "How long a first ejection lasts. Each repeat doubles it; each such time in which it is fit takes one repeat back.");
    private static readonly Key<TimeSpan> MaxEjectFor = Keys.Optional("maxEjectFor", Scalars.Duration(Shortest, TimeSpan.FromHours(24)), Defaults.MaxEjectFor, "How long an ejection lasts at most; not shorter than `ejectFor`.");
    private static readonly Key<double> MaxEjected = Keys.Optional("maxEjected", Scalars.Decimal(0, 1, "a share, 0 to 1"), Defaults.MaxEjected, "Share of a region's endpoints that may be ejected at once; one may in any case.");

    /// <summary>The section.</summary>
    public static Shape<PassiveOptions> Shape { get; } = Keys.Builds(Build);

    private static PassiveOptions Build(Values values)
    {
        var passive = new PassiveOptions
        {
            Consecutive = values.Get(Consecutive),
            FailureShare = values.Get(FailureShare),
            MinimumRequests = values.Get(MinimumRequests),
            Window = values.Get(Window),
            EjectFor = values.Get(EjectFor),
            MaxEjectFor = values.Get(MaxEjectFor),
            MaxEjected = values.Get(MaxEjected),
        };
        if (passive.MaxEjectFor < passive.EjectFor)
        {
            values.Error(
                values.Has(MaxEjectFor) ? MaxEjectFor : EjectFor,
                $"the longest ejection ({Scalars.ShowDuration(passive.MaxEjectFor)}) is shorter than the first ({Scalars.ShowDuration(passive.EjectFor)})",
                $"maxEjectFor: {Scalars.ShowDuration(passive.EjectFor)} or more");
        }
        if (passive.FailureShare == 0 && values.Written(MinimumRequests))
            values.Warn(MinimumRequests, "`failureShare: 0` turns the rule off that would read it", "take it away");
        return passive;
    }
}
