using Hanzo.Commerce.Node.Auth;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Commerce.Node.Tests.Auth;

public sealed class RateLimitsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_window_s_worth_may_come_at_once_and_then_only_as_fast_as_the_bucket_fills()
    {
        var limits = new RateLimits(10, _time);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(new RateLimit(true, 9 - i), limits.Take("demo")));
        Assert.False(limits.Take("demo").IsWithin);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(limits.Take("demo").IsWithin);
        Assert.False(limits.Take("demo").IsWithin);
    }

    [Fact]
    public void One_merchant_does_not_use_up_another_s()
    {
        var limits = new RateLimits(1, _time);
        Assert.True(limits.Take("demo").IsWithin);
        Assert.True(limits.Take("lamps").IsWithin);
    }

    [Fact]
    public void Rest_saves_up_one_window_and_no_more()
    {
        var limits = new RateLimits(2, _time);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([true, true, false], new[] { 1, 2, 3 }.Select(_ => limits.Take("demo").IsWithin));
    }
}
