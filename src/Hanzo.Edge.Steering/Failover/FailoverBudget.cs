using System.Collections.Immutable;

namespace Hanzo.Edge.Steering.Failover;

/// <summary>
/// How long a failover takes at worst, term by term, beside the bound that the configuration promises.
/// <code>
/// detect   = interval × (1 + jitter) × fall + timeout      the region dies right after a good probe
/// publish  = vantage exchange + publication
/// requests = attempt timeout + back-off                    a request that meets the failure itself
/// dns      = detect + publish + answer TTL                 a resolver that asked right before the publication
/// site     = exchange × 3 + exchange × 1¼ + publication + answer TTL   an edge that dies right after it was heard
/// </code>
/// Limits: it counts what the edge does; a resolver that keeps answers longer than their TTL, or a clock that stands
/// still, is not in it.
/// </summary>
/// <param name="Bound">What the configuration promises, or null where it promises nothing.</param>
/// <param name="Rows">The addends of the worst case, in the order in which they pass.</param>
/// <param name="Remedies">Where it does not fit: each change of one term alone that makes it fit, the mildest first. Empty where no single one is enough.</param>
public sealed record FailoverBudget(TimeSpan? Bound, ImmutableArray<BudgetRow> Rows, ImmutableArray<BudgetRemedy> Remedies)
{
    /// <summary>Reports in a row that must be missed of an edge before it counts as silent.</summary>
    public const int MissedReports = 3;

    /// <summary>The longest time a failover takes.</summary>
    public TimeSpan Worst => WorstOf(Rows);

    /// <summary>Whether the promise is kept in the worst case.</summary>
    public bool Fits => Bound is not { } bound || Worst <= bound;

    /// <summary>The budget of a request that meets the failure: until its next candidate is tried.</summary>
    public static FailoverBudget OfRequests(FailoverTerms terms, TimeSpan? bound) => Of(terms, bound, RequestRows);

    /// <summary>The budget of a client that is led by DNS: until it is led elsewhere.</summary>
    public static FailoverBudget OfDns(FailoverTerms terms, TimeSpan? bound) => Of(terms, bound, DnsRows);

    /// <summary>The budget of a client that is led to an edge by DNS: until it is led to another one.</summary>
    public static FailoverBudget OfSites(FailoverTerms terms, TimeSpan? bound) => Of(terms, bound, SiteRows);

    private static FailoverBudget Of(FailoverTerms terms, TimeSpan? bound, Func<FailoverTerms, ImmutableArray<BudgetRow>> rowsOf)
    {
        var rows = rowsOf(terms);
        var remedies = bound is not { } limit || WorstOf(rows) <= limit ? [] : BudgetRemedy.Find(terms, changed => WorstOf(rowsOf(changed)) <= limit);
        return new(bound, rows, remedies);
    }

    private static ImmutableArray<BudgetRow> RequestRows(FailoverTerms terms) =>
    [
        new("attempt timeout", terms.AttemptTimeout),
        new("back-off", terms.BackOff),
    ];

    private static ImmutableArray<BudgetRow> DnsRows(FailoverTerms terms) =>
    [
        new("probe interval × (1 + jitter) × fall", terms.ProbeInterval * (1 + terms.ProbeJitter) * terms.ProbeFall),
        new("probe timeout", terms.ProbeTimeout),
        new("vantage exchange", terms.VantageExchange),
        new("publication", terms.Publication),
        new("answer TTL", terms.AnswerTtl),
    ];

    // The others must miss the edge each by itself, then hear of each other that they do; they look four times an exchange.
    private static ImmutableArray<BudgetRow> SiteRows(FailoverTerms terms) =>
    [
        new($"vantage exchange × {MissedReports} missed", terms.VantageExchange * MissedReports),
        new("vantage exchange × 1¼", terms.VantageExchange * 1.25),
        new("publication", terms.Publication),
        new("answer TTL", terms.AnswerTtl),
    ];

    private static TimeSpan WorstOf(ImmutableArray<BudgetRow> rows) => rows.Aggregate(TimeSpan.Zero, (sum, row) => sum + row.Share);
}

/// <summary>One addend of a budget.</summary>
/// <param name="Name">The terms it is made of, in words.</param>
/// <param name="Share">What it adds to the worst case.</param>
public sealed record BudgetRow(string Name, TimeSpan Share);
