using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Health;
using Hanzo.Edge.Steering.Failover;

namespace Hanzo.Edge.Configuration;

/// <summary>The failover budgets of one configuration: one a route for its requests, one a steered name for the clients it leads.</summary>
/// <param name="Requests">The budgets of routes, in the file's order.</param>
/// <param name="Dns">The budgets of steered names, in the file's order; empty without a DNS server.</param>
internal sealed record FailoverPlan(ImmutableArray<FailoverLine> Requests, ImmutableArray<FailoverLine> Dns)
{
    /// <summary>Time from an observation to DNS answers that follow it: preparing them over a city database took about a second on a busy core. Measured at run time, see <see cref="EdgeMetrics"/>.</summary>
    public static readonly TimeSpan Publication = TimeSpan.FromSeconds(1);

    /// <summary>Nothing promised and nothing reckoned.</summary>
    public static FailoverPlan None { get; } = new([], []);

    /// <summary>The bounds that measured failovers are held against.</summary>
    public FailoverLimits Limits => new(
        Requests.IsEmpty ? null : Requests[0].Budget.Bound,
        Dns.IsEmpty ? null : Dns[0].Budget.Bound - Dns.Max(line => line.Terms.AnswerTtl));

    /// <summary>Reckons the budgets of a file.</summary>
    public static FailoverPlan Of(EdgeFile file)
    {
        var probe = file.Health.Options.Probe;
        var terms = new FailoverTerms
        {
            ProbeInterval = probe.Interval,
            ProbeJitter = probe.Jitter,
            ProbeFall = probe.Fall,
            ProbeTimeout = probe.Timeout,
            VantageExchange = file.Peers?.Exchange ?? TimeSpan.Zero,
            Publication = Publication,
            AttemptTimeout = TimeSpan.Zero,
            BackOff = TimeSpan.Zero,
            AnswerTtl = TimeSpan.Zero,
        };
        return new FailoverPlan(
            [.. file.Routes.Select(route => Request(route.Name, route.Value))],
            [.. (file.Dns?.Zones ?? []).SelectMany(zone => zone.Value.Steered.Select(name => Steered(zone.Name, name.Name, name.Value.Settings.Over, terms with { AnswerTtl = name.Value.Settings.MaxTtl })))]);

        FailoverLine Request(string name, EdgeRoute route)
        {
            var (key, longest) = LongestAttempt(route);
            var own = terms with { AttemptTimeout = longest };
            // Where both are too long, shortening the longer one alone would not do.
            if (route.Attempts.Timeout > file.Failover.Requests && route.Forwarder.ConnectTimeout > file.Failover.Requests)
                key = $"upstream.connectTimeout and routes.{name}.failover.attemptTimeout";
            return new($"route {name}", own, FailoverBudget.OfRequests(own, file.Failover.Requests), new Dictionary<FailoverTerm, string>
            {
                [FailoverTerm.AttemptTimeout] = $"routes.{name}.{key}",
            });
        }

        FailoverLine Steered(string zone, string name, SteeredOver over, FailoverTerms own) => new($"{name} in {zone}", own, over == SteeredOver.Sites ? FailoverBudget.OfSites(own, file.Failover.Dns) : FailoverBudget.OfDns(own, file.Failover.Dns), new Dictionary<FailoverTerm, string>
        {
            [FailoverTerm.ProbeInterval] = "health.probe.interval",
            [FailoverTerm.ProbeFall] = "health.probe.fall",
            [FailoverTerm.ProbeTimeout] = "health.probe.timeout",
            [FailoverTerm.VantageExchange] = "peers.exchange",
            [FailoverTerm.AnswerTtl] = $"dns.zones.{zone}.steered.{name}.ttl.max",
        });
    }

    // Requests that may be repeated are bound by the attempt's own timeout, connecting included; all others go on only while connecting.
    private static (string Key, TimeSpan Longest) LongestAttempt(EdgeRoute route)
    {
        var connect = route.Forwarder.ConnectTimeout;
        if (route.Attempts.Timeout > TimeSpan.Zero)
            return route.Attempts.Timeout > connect ? ("failover.attemptTimeout", route.Attempts.Timeout) : ("upstream.connectTimeout", connect);
        var whole = route.Route.Timeout is { } limit && limit < route.Forwarder.ActivityTimeout ? ("timeout", limit) : ("upstream.activityTimeout", route.Forwarder.ActivityTimeout);
        return whole.Item2 > connect ? whole : ("upstream.connectTimeout", connect);
    }
}

/// <summary>One budget and where its terms are written.</summary>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="Terms">What it was reckoned from.</param>
/// <param name="Budget">The arithmetic.</param>
/// <param name="Keys">The keys of the terms that the file can change.</param>
internal sealed record FailoverLine(string Name, FailoverTerms Terms, FailoverBudget Budget, IReadOnlyDictionary<FailoverTerm, string> Keys);
