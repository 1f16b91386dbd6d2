using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying.Failover;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Proxying.Failover;

public sealed class RetryBudgetTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_share_of_the_requests_under_way_may_be_repetitions()
    {
        var budget = new RetryBudget(time);
        var options = new RetryBudgetOptions { Share = 0.2, PerSecond = 0 };

        Assert.Equal(4, Granted(budget, options, requests: 20));
        budget.Return();
        Assert.Equal(1, Granted(budget, options, requests: 20));
    }

    [Fact]
    public void A_quiet_route_may_repeat_some_a_second_in_any_case()
    {
        var budget = new RetryBudget(time);
        var options = new RetryBudgetOptions { Share = 0.2, PerSecond = 3 };

        Assert.Equal(30, Granted(budget, options, requests: 1));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(6, Granted(budget, options, requests: 1));
    }

    [Fact]
    public void What_was_not_used_is_not_saved_for_longer_than_ten_seconds()
    {
        var budget = new RetryBudget(time);
        var options = new RetryBudgetOptions { Share = 0, PerSecond = 1 };
        Granted(budget, options, requests: 1);

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(10, Granted(budget, options, requests: 1));
    }

    private static int Granted(RetryBudget budget, RetryBudgetOptions options, int requests)
    {
        var granted = 0;
        while (granted < 1000 && budget.TryTake(options, requests)) granted++;
        return granted;
    }
}
