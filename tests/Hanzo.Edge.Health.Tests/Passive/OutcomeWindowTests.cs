using CsCheck;
using Hanzo.Edge.Health.Passive;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Health.Tests.Passive;

public sealed class OutcomeWindowTests
{
    private static readonly PassiveOptions shareOnly = new() { Consecutive = 0, FailureShare = 0.5, MinimumRequests = 4, Window = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Failures_in_a_row_break_the_rule_and_one_answer_starts_the_count_anew()
    {
        var window = new OutcomeWindow(new PassiveOptions { Consecutive = 3, FailureShare = 0 }, new FakeTimeProvider());

        Assert.Equal([false, false, false, false, false, true, true], "ffaffff".Select(letter => window.Record(letter == 'f')));
    }

    [Fact]
    public void Failures_in_a_row_can_be_turned_off()
    {
        var window = new OutcomeWindow(new PassiveOptions { Consecutive = 0, FailureShare = 0 }, new FakeTimeProvider());

        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(window.Record(isFailure: true)));
    }

    [Fact]
    public void The_share_is_that_of_a_plain_count_over_the_last_ten_tenths() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 3000]).Array[1, 60].Sample(requests =>
        {
            var clock = new FakeTimeProvider();
            var window = new OutcomeWindow(shareOnly, clock);
            List<(long Tenth, bool IsFailure)> plain = [];
            foreach (var (isFailure, waitMs) in requests)
            {
                clock.Advance(TimeSpan.FromMilliseconds(waitMs));
                var tenth = clock.GetTimestamp() / clock.TimestampFrequency;
                plain.Add((tenth, isFailure));
                var recent = plain.Where(one => one.Tenth > tenth - 10).ToArray();
                var failed = recent.Count(one => one.IsFailure);
                Assert.Equal(isFailure && recent.Length >= 4 && failed >= 0.5 * recent.Length, window.Record(isFailure));
            }
        });

    [Fact]
    public async Task No_count_is_lost_when_many_requests_end_at_once()
    {
        const int threads = 4, each = 5_000;
        var window = new OutcomeWindow(shareOnly with { MinimumRequests = threads * each }, new FakeTimeProvider());

        var broken = await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() => Enumerable.Range(0, each).Count(_ => window.Record(isFailure: true)))));

        Assert.InRange(broken.Sum(), 1, threads);
    }
}
