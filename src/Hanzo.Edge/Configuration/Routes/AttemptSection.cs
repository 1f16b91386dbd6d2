using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>`routes.ROUTE.failover`: how its requests are tried at one endpoint after the other.</summary>
internal static class AttemptSection
{
    private static readonly AttemptOptions Defaults = new();

    private static readonly Section ReplayKeys = new();
    private static readonly Key<int> MaxBody = ReplayKeys.Optional("maxBody", Scalars.Integer(0, 16 * 1024 * 1024), Defaults.MaxReplayBody, "Bytes of a request body kept at most; a longer one can be sent again only if nothing of the request went out.");

    private static readonly Section Keys = new();
    private static readonly Key<int> MaxAttempts = Keys.Optional("maxAttempts", Scalars.Integer(1, 8), Defaults.Most, "Endpoints tried for one request at most, the first included; 1 for no failover.");
    private static readonly Key<TimeSpan> AttemptTimeout = Keys.Optional("attemptTimeout", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), Defaults.Timeout, "Time to the head of a response after which a request that may be repeated goes to the next candidate, where there is one; 0s for none. The last candidate has all the time that is left.");
    private static readonly Key<ImmutableArray<Located<int>>> Statuses = Keys.Optional("statuses", new ListShape<int>(Scalars.Integer(400, 599)), [.. Defaults.Statuses.Select(status => new Located<int>(status, default, ""))], "Statuses that count as a failed attempt; the last candidate's goes to the client as it is.");
    private static readonly Key<bool> Deduplicates = Keys.Optional("deduplicates", Scalars.Boolean, Defaults.Deduplicates, "Whether the service executes requests of one Idempotency-Key once, so that they may be sent again like idempotent ones.");
    private static readonly Key<bool> Hedging = Keys.Optional("hedging", Scalars.Boolean, Defaults.Hedges, "Whether a request without a body that may be repeated also goes to a second endpoint once the first takes longer than its own p95, within the retry budget; the first answer wins.");
    private static readonly Key<TimeSpan> BackOff = Keys.Optional("backOff", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(10)), Defaults.BackOff, "Longest pause before the third attempt, at random below it; it doubles with each further one. The second attempt never waits.");
    private static readonly Key<int> Replay = Keys.Optional("replay", ReplayKeys.Builds(values => values.Get(MaxBody)), Defaults.MaxReplayBody, "What is kept of a request for sending it again.");

    /// <summary>Without the section.</summary>
    public static AttemptOptions Default => Defaults;

    /// <summary>The section.</summary>
    public static Shape<AttemptOptions> Shape { get; } = Keys.Builds(values => new AttemptOptions
    {
        Most = values.Get(MaxAttempts),
        Timeout = values.Get(AttemptTimeout),
        Statuses = [.. values.Get(Statuses).Select(status => status.Value)],
        Deduplicates = values.Get(Deduplicates),
        Hedges = values.Get(Hedging),
        BackOff = values.Get(BackOff),
        MaxReplayBody = values.Get(Replay),
    });
}
