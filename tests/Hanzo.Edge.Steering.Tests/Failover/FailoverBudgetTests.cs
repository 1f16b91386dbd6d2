using CsCheck;
using Hanzo.Edge.Steering.Failover;

namespace Hanzo.Edge.Steering.Tests.Failover;

public sealed class FailoverBudgetTests
{
    private static readonly FailoverTerms Terms = new()
    {
        ProbeInterval = TimeSpan.FromSeconds(2),
        ProbeJitter = 0.1,
        ProbeFall = 3,
        ProbeTimeout = TimeSpan.FromSeconds(1),
        VantageExchange = TimeSpan.FromMilliseconds(500),
        Publication = TimeSpan.FromMilliseconds(100),
        AttemptTimeout = TimeSpan.FromMilliseconds(250),
        BackOff = TimeSpan.FromMilliseconds(50),
        AnswerTtl = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void Dns_waits_for_detection_publication_and_the_last_answer_given()
    {
        var budget = FailoverBudget.OfDns(Terms, TimeSpan.FromSeconds(20));

        Assert.Equal([6600, 1000, 500, 100, 10_000], budget.Rows.Select(row => row.Share.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromSeconds(18.2), budget.Worst);
        Assert.True(budget.Fits);
        Assert.Empty(budget.Remedies);
    }

    [Fact]
    public void A_lost_edge_is_missed_by_each_of_the_others_before_they_tell_each_other()
    {
        var budget = FailoverBudget.OfSites(Terms, TimeSpan.FromSeconds(12));

        Assert.Equal([1500, 625, 100, 10_000], budget.Rows.Select(row => row.Share.TotalMilliseconds));
        Assert.Equal([FailoverTerm.AnswerTtl, FailoverTerm.VantageExchange], budget.Remedies.Select(remedy => remedy.Term));
    }

    [Fact]
    public void A_request_waits_for_its_own_attempt_and_not_for_probes()
    {
        var budget = FailoverBudget.OfRequests(Terms, TimeSpan.FromMilliseconds(300));

        Assert.Equal(TimeSpan.FromMilliseconds(300), budget.Worst);
        Assert.True(budget.Fits);
    }

    [Fact]
    public void A_budget_over_its_bound_names_each_term_that_could_change_and_the_largest_value_that_fits()
    {
        var budget = FailoverBudget.OfDns(Terms, TimeSpan.FromSeconds(16));

        Assert.False(budget.Fits);
        Assert.Equal<BudgetRemedy>(
            [
                new(FailoverTerm.AnswerTtl, "10s", "7s"),             // 7.8 s are left, and a TTL is whole seconds
                new(FailoverTerm.ProbeFall, "3", "2"),                // 4.4 s are left for 2.2 s a probe
                new(FailoverTerm.ProbeInterval, "2000ms", "1333ms"),  // 4.4 s are left for 3 × 1.1
            ],
            budget.Remedies);
    }

    [Fact]
    public void Where_no_single_term_is_enough_there_is_no_remedy()
    {
        var budget = FailoverBudget.OfDns(Terms, TimeSpan.FromSeconds(3));

        Assert.False(budget.Fits);
        Assert.Empty(budget.Remedies);
    }

    [Fact]
    public void Every_remedy_fits_the_next_larger_value_does_not_and_they_come_mildest_first() =>
        Gen.Select(Gen.Int[100, 10_000], Gen.Int[1, 10], Gen.Int[10, 5000], Gen.Int[1, 60], Gen.Int[1, 60_000], Gen.Bool).Sample(
            (interval, fall, timeout, ttl, boundMs, dns) =>
            {
                var terms = Terms with
                {
                    ProbeInterval = TimeSpan.FromMilliseconds(interval),
                    ProbeFall = fall,
                    ProbeTimeout = TimeSpan.FromMilliseconds(timeout),
                    AttemptTimeout = TimeSpan.FromMilliseconds(timeout),
                    AnswerTtl = TimeSpan.FromSeconds(ttl),
                };
                var bound = TimeSpan.FromMilliseconds(boundMs);
                var budget = Budget(terms);

                Assert.All(budget.Remedies, remedy => Assert.True(Budget(Changed(terms, remedy.Term, Units(remedy.LargestThatFits))).Fits));
                Assert.All(budget.Remedies, remedy => Assert.False(Budget(Changed(terms, remedy.Term, Units(remedy.LargestThatFits) + 1)).Fits));
                var kept = budget.Remedies.Select(remedy => Units(remedy.LargestThatFits) / (double)Units(remedy.Now)).ToList();
                Assert.Equal(kept.OrderDescending(), kept);

                FailoverBudget Budget(FailoverTerms of) => dns ? FailoverBudget.OfDns(of, bound) : FailoverBudget.OfRequests(of, bound);
            }, iter: 1000);

    private static int Units(string value) => int.Parse(value.TrimEnd('m', 's'));

    private static FailoverTerms Changed(FailoverTerms terms, FailoverTerm term, int units) => term switch
    {
        FailoverTerm.ProbeInterval => terms with { ProbeInterval = TimeSpan.FromMilliseconds(units) },
        FailoverTerm.ProbeFall => terms with { ProbeFall = units },
        FailoverTerm.ProbeTimeout => terms with { ProbeTimeout = TimeSpan.FromMilliseconds(units) },
        FailoverTerm.VantageExchange => terms with { VantageExchange = TimeSpan.FromMilliseconds(units) },
        FailoverTerm.AttemptTimeout => terms with { AttemptTimeout = TimeSpan.FromMilliseconds(units) },
        FailoverTerm.BackOff => terms with { BackOff = TimeSpan.FromMilliseconds(units) },
        _ => terms with { AnswerTtl = TimeSpan.FromSeconds(units) },
    };
}
