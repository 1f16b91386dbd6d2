using CsCheck;
using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Health.Tests.Passive;

public sealed class EjectionTests
{
    private static readonly PassiveOptions options = new() { EjectFor = TimeSpan.FromSeconds(10), MaxEjectFor = TimeSpan.FromSeconds(60) };
    private static readonly PassiveOptions unbounded = options with { MaxEjectFor = TimeSpan.FromHours(1) };

    [Fact]
    public void Each_repeat_lasts_twice_as_long_up_to_the_bound()
    {
        var ejection = default(Ejection);
        List<double> lasted = [];
        for (var i = 0; i < 5; i++)
        {
            var now = ejection.Until;
            ejection = ejection.Rise(now).Again(now, options);
            lasted.Add((ejection.Until - now).TotalSeconds);
        }

        Assert.Equal([10, 20, 40, 60, 60], lasted);
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(9, 80)]
    [InlineData(10, 40)]
    [InlineData(25, 20)]
    [InlineData(30, 10)]
    [InlineData(1000, 10)]
    public void Time_in_which_it_is_fit_takes_repeats_back(int fitSeconds, int expected)
    {
        var third = Third();
        var now = third.Until + TimeSpan.FromSeconds(fitSeconds);

        Assert.Equal(expected, (third.Rise(third.Until).Again(now, unbounded).Until - now).TotalSeconds);
    }

    [Fact]
    public void Time_in_which_it_is_down_takes_none_back()
    {
        var third = Third();
        var (down, up) = (third.Until + TimeSpan.FromSeconds(15), third.Until + TimeSpan.FromHours(1));
        var now = up + TimeSpan.FromSeconds(10);

        var fourth = third.Rise(third.Until).Fall(down, unbounded).Rise(up).Again(now, unbounded);

        Assert.Equal(20, (fourth.Until - now).TotalSeconds); // 25 s fit took two of three back, and a half
    }

    [Fact]
    public void An_ejection_always_ends_within_its_bounds() =>
        Gen.Int[0, 10_000].Array[1, 100].Sample(waits =>
        {
            var ejection = default(Ejection);
            foreach (var wait in waits)
            {
                var now = ejection.Until + TimeSpan.FromSeconds(wait);
                ejection = ejection.Rise(ejection.Until).Again(now, options);
                Assert.InRange(ejection.Until - now, options.EjectFor, options.MaxEjectFor);
                Assert.True(ejection.IsActive(now));
                Assert.False(ejection.IsActive(ejection.Until));
            }
        });

    [Theory]
    [InlineData(0.5, 1, 1)]
    [InlineData(0.5, 2, 1)]
    [InlineData(0.5, 5, 2)]
    [InlineData(0, 5, 1)]
    [InlineData(0.3, 10, 3)]
    [InlineData(1, 5, 5)]
    public void So_many_endpoints_of_a_region_may_be_out_at_once(double share, int endpoints, int expected) =>
        Assert.Equal(expected, new PassiveOptions { MaxEjected = share }.MaxEjectedOf(endpoints));

    private static Ejection Third()
    {
        var ejection = default(Ejection);
        for (var i = 0; i < 3; i++) ejection = ejection.Rise(ejection.Until).Again(ejection.Until, unbounded);
        return ejection;
    }
}
