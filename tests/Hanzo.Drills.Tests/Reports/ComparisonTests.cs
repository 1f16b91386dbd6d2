using System.Collections.Immutable;
using Hanzo.Drills.Reports;
using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Tests.Reports;

public sealed class ComparisonTests
{
    private static DrillReport Run(double measured, string configuration = "a") => new(
        DrillReport.CurrentSchema, "region-loss", "", measured <= 1 ? DrillOutcome.Passed : DrillOutcome.Failed, null, 7, "", DateTimeOffset.UnixEpoch, 20,
        ImmutableSortedDictionary<string, string>.Empty.Add("edge-1", new string(configuration[0], 64)), "0.1.0",
        new Totals(100, 0, 2, 9, 30, ImmutableSortedDictionary<string, int>.Empty),
        [new PromiseReport("failover", "soon", measured <= 1, "seconds", false, 1, measured, "at most 1 s", FormattableString.Invariant($"{measured} s"), [], "")], [], []);

    [Fact]
    public void A_promise_that_broke_since_is_worse() =>
        Assert.Equal(
            (true, "WORSE  failover: soon: 0.5 s (at most 1 s) -> 1.5 s (at most 1 s)"),
            (Comparison.Of(Run(0.5), Run(1.5)).Worse, Comparison.Of(Run(0.5), Run(1.5)).Lines[^1]));

    [Fact]
    public void A_promise_that_holds_again_or_was_broken_before_is_not()
    {
        Assert.False(Comparison.Of(Run(1.5), Run(0.5)).Worse);
        Assert.False(Comparison.Of(Run(1.5), Run(1.6)).Worse);
        Assert.StartsWith("better", Comparison.Of(Run(1.5), Run(0.5)).Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_configuration_is_told()
    {
        Assert.Contains("configuration of edge-1: aaaaaaaaaaaa -> bbbbbbbbbbbb", Comparison.Of(Run(0.5), Run(0.5, "b")).Lines);
        Assert.DoesNotContain(Comparison.Of(Run(0.5), Run(0.5)).Lines, line => line.StartsWith("configuration", StringComparison.Ordinal));
    }
}
