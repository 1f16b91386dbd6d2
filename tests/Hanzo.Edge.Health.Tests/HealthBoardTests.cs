using CsCheck;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;
using Eventually = Hanzo.Testing.Eventually;

namespace Hanzo.Edge.Health.Tests;

public sealed class HealthBoardTests : IAsyncDisposable
{
    private static readonly Topology twoRegions = Some.Topology("eu: eu-1 eu-2", "us: us-1");

    private readonly BoardWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Nothing_is_up_before_it_was_probed_and_the_first_round_needs_no_waiting()
    {
        var applied = world.Apply(twoRegions);

        Assert.Equal("eu-1=unknown eu-2=unknown us-1=unknown", applied.States());
        Assert.Equal(0UL, applied.Healthy);
        await world.Board.FirstRound.WaitAsync(Eventually.Patience);
        Assert.Equal("eu-1=up eu-2=up us-1=up", world.Now.States());
        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    [Fact]
    public void A_region_that_comes_up_is_told_and_one_that_goes_down_is_warned_of()
    {
        world.Prober.Answers("us-1", ProbeOutcome.Failed(ProbeResult.Connect, "refused"));
        world.Apply(twoRegions);

        Assert.Contains("Information: Region eu went from Unknown to Up", world.Log.Lines);
        Assert.Contains("Warning: Region us went from Unknown to Down", world.Log.Lines);
    }

    [Fact]
    public async Task The_first_round_ends_when_the_slowest_endpoint_was_probed()
    {
        world.Prober.Hangs("eu-2");
        world.Apply(twoRegions);

        world.PassSeconds(0.4);
        Assert.False(world.Board.FirstRound.IsCompleted);
        Assert.Equal("eu-1=up eu-2=unknown us-1=up", world.Now.States());
        world.PassSeconds(0.2);
        await world.Board.FirstRound.WaitAsync(Eventually.Patience);
        Assert.Equal("eu-1=up eu-2=down us-1=up", world.Now.States());
    }

    [Fact]
    public void A_region_is_as_near_as_its_nearest_endpoint_and_one_that_was_never_reached_is_not_named()
    {
        world.Prober.Answers("eu-1", ProbeOutcome.Good(StateClasses.All) with { RoundTrip = TimeSpan.FromMilliseconds(90) });
        world.Prober.Answers("eu-2", ProbeOutcome.Good(StateClasses.All) with { RoundTrip = TimeSpan.FromMilliseconds(70) });
        world.Prober.Answers("us-1", ProbeOutcome.Failed(ProbeResult.Connect, "refused"));

        world.Apply(twoRegions);

        Assert.Equal([("eu", TimeSpan.FromMilliseconds(70))], world.Board.RoundTrips.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Failures_that_add_up_say_when_a_region_may_change_before_it_does()
    {
        world.Apply(Some.Topology("us: us-1"), new ProbeOptions { Interval = TimeSpan.FromSeconds(4), FastInterval = TimeSpan.FromSeconds(1), Jitter = 0, Fall = 3, Rise = 2 });
        Assert.Null(world.Now.Regions[0].ChangesAt);

        world.Prober.Answers("us-1", ProbeOutcome.Failed(ProbeResult.Connect, "refused"));
        world.PassProbes("us-1", 1);
        var first = world.Now;
        Assert.Equal((HealthState.Up, 2.0), (first.Regions[0].Observed, Math.Round(world.Clock.GetElapsedTime(world.Clock.GetTimestamp(), first.Regions[0].ChangesAt!.Value).TotalSeconds)));
        world.PassProbes("us-1", 2);
        Assert.Equal((HealthState.Down, null), (world.Now.Regions[0].Observed, world.Now.Regions[0].ChangesAt));

        world.Prober.Answers("us-1", ProbeOutcome.Good(StateClasses.All));
        world.PassProbes("us-1", 1);
        Assert.NotNull(world.Now.Regions[0].ChangesAt);
        world.PassProbes("us-1", 1);
        Assert.Equal((HealthState.Up, null), (world.Now.Regions[0].Observed, world.Now.Regions[0].ChangesAt));
    }

    [Fact]
    public async Task A_defect_of_the_prober_ends_the_first_round_too()
    {
        world.Prober.Throws("us-1", new FormatException("no such method"));

        world.Apply(twoRegions);

        await world.Board.FirstRound.WaitAsync(Eventually.Patience);
        Assert.Equal("eu-1=up eu-2=up us-1=unknown", world.Now.States());
    }

    [Fact]
    public void An_endpoint_falls_with_its_third_failed_probe_and_rises_with_its_second_good_one()
    {
        world.Apply(twoRegions);
        world.Prober.Fails("us-1");

        world.PassProbes("us-1", 2);
        Assert.Equal(HealthState.Up, world.Now.Endpoint("us-1").State);
        world.PassProbes("us-1", 1);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
        Assert.Equal(0b01UL, world.Now.Healthy);

        world.Prober.Answers("us-1");
        world.PassProbes("us-1", 1);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
        world.PassProbes("us-1", 1);
        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    [Fact]
    public void A_refusal_counts_at_once()
    {
        world.Apply(twoRegions);
        world.Prober.Fails("us-1", ProbeResult.Refused);

        world.PassProbes("us-1", 1);

        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
    }

    [Fact]
    public void A_region_that_loses_the_quorum_still_serves_the_rest()
    {
        world.Prober.Answers("us-1", StateClasses.Read | StateClasses.LocalWrite);

        world.Apply(twoRegions);

        Assert.Equal(0b11UL, world.Now.Healthy);
        Assert.Equal(0b11UL, world.Now.Serving(StateClass.Read));
        Assert.Equal(0b01UL, world.Now.Serving(StateClass.Consensus));
    }

    [Fact]
    public void Snapshots_are_published_on_change_only_with_rising_versions()
    {
        world.Apply(twoRegions);
        var known = world.Snapshots.Count;
        world.PassSeconds(10);
        Assert.Equal(known, world.Snapshots.Count);

        world.Prober.Fails("us-1", ProbeResult.Refused);
        world.PassSeconds(10);

        Assert.Equal(known + 1, world.Snapshots.Count);
        Assert.Equal(Enumerable.Range(1, known + 1).Select(version => (long)version), world.Snapshots.Select(snapshot => snapshot.Version));
    }

    [Fact]
    public void A_reload_keeps_the_state_and_the_schedule_of_endpoints_that_stay_and_forgets_the_others()
    {
        world.Prober.Fails("eu-1");
        world.Apply(twoRegions);
        world.PassSeconds(3);
        var asked = world.Prober.TimesOf("eu-1").Length;

        var applied = world.Apply(Some.Topology("asia: asia-1", "eu: eu-1"));

        Assert.Equal("asia-1=unknown eu-1=down", applied.States());
        Assert.Equal(asked, world.Prober.TimesOf("eu-1").Length);
        world.PassSeconds(0);
        Assert.Equal("asia-1=up eu-1=down", world.Now.States());
        var gone = world.Prober.TimesOf("us-1").Length;
        world.PassSeconds(5);
        Assert.Equal(gone, world.Prober.TimesOf("us-1").Length);
        Assert.Equal("asia-1=up eu-1=down", world.Apply(Some.Topology("asia: asia-1", "eu: eu-1")).States());
        Assert.Equal("eu-1=down us-1=unknown", world.Apply(Some.Topology("eu: eu-1", "us: us-1")).States());
    }

    [Fact]
    public void An_endpoint_that_moves_to_another_address_or_region_is_new()
    {
        world.Apply(twoRegions);
        var moved = new Topology(2, [twoRegions.Regions[0] with { Endpoints = [Some.Endpoint("eu-1", "http://192.0.2.1")] }, Some.Region("ap: us-1")], new SteeringPolicy());

        Assert.Equal("eu-1=unknown us-1=unknown", world.Apply(moved).States());
    }

    [Fact]
    public void New_probe_options_keep_the_state_and_hold_at_once()
    {
        world.Apply(twoRegions, BoardWorld.Options with { Interval = TimeSpan.FromHours(1) });
        world.PassSeconds(1);

        var applied = world.Apply(twoRegions, BoardWorld.Options);

        Assert.Equal("eu-1=up eu-2=up us-1=up", applied.States());
        var before = world.Prober.TimesOf("eu-1").Length;
        world.PassSeconds(10);
        Assert.InRange(world.Prober.TimesOf("eu-1").Length - before, 9, 11);
    }

    [Fact]
    public void The_verdict_of_a_probe_that_was_under_way_when_its_endpoint_was_removed_is_dropped()
    {
        world.Apply(twoRegions);
        world.Prober.IsDeaf("us-1");
        world.PassSeconds(1);
        world.Apply(Some.Topology("eu: eu-1 eu-2"));
        world.PassSeconds(5);

        Assert.Equal("eu-1=up eu-2=up", world.Now.States());
        Assert.DoesNotContain(world.Log.Lines, line => line.Contains("us-1", StringComparison.Ordinal) && line.Contains("Down", StringComparison.Ordinal));
    }

    [Fact]
    public void A_receiver_that_throws_keeps_neither_the_others_nor_the_next_snapshot_from_coming()
    {
        var seen = new List<long>();
        world.Board.Published += _ => throw new InvalidOperationException("a broken receiver");
        world.Board.Published += snapshot => seen.Add(snapshot.Version);

        world.Apply(twoRegions);

        Assert.Equal(world.Snapshots.Select(snapshot => snapshot.Version), seen);
        Assert.Equal(4, seen.Count);
        Assert.Contains(world.Log.Lines, line => line.Contains("receiver of health snapshot 1 failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_may_wait_for_a_lock_whose_holder_applies()
    {
        var callers = new Lock();
        using var isHandling = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        world.Apply(twoRegions);
        world.Prober.Fails("us-1", ProbeResult.Refused);
        world.Board.Published += _ =>
        {
            isHandling.Set();
            mayGoOn.Wait(TimeSpan.FromSeconds(10));
            lock (callers) { }
        };

        var observing = Task.Run(() => world.PassProbes("us-1", 1));
        Assert.True(isHandling.Wait(TimeSpan.FromSeconds(10)));
        var applying = Task.Run(() => { lock (callers) { mayGoOn.Set(); return world.Apply(Some.Topology("eu: eu-1")); } });

        Assert.Equal("eu-1=up", (await applying.WaitAsync(Eventually.Patience)).States());
        await observing.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_disposed_board_probes_no_more_and_takes_no_topology()
    {
        world.Apply(twoRegions);
        world.Prober.Hangs("eu-1");
        world.PassSeconds(1.1);

        await world.Board.DisposeAsync().AsTask().WaitAsync(Eventually.Patience);

        var asked = world.Prober.Asked.Count;
        world.PassSeconds(5);
        Assert.Equal(asked, world.Prober.Asked.Count);
        Assert.Throws<ObjectDisposedException>(() => world.Apply(twoRegions));
    }

    [Fact]
    public void Neighbours_are_independent_whatever_each_of_them_does() =>
        Gen.Select(Gen.Int[0, 4].Select(i => new[] { "good", "fails", "hangs", "deaf", "throws" }[i]).Array[4], Gen.Int[0, 1000]).Sample((behaviours, seed) =>
        {
            var alone = Enumerable.Range(0, 4).Select(i => Observe(seed, [.. Enumerable.Range(0, 4).Select(j => j == i ? behaviours[i] : "good")])[i]);
            Assert.Equal(alone, Observe(seed, behaviours));
        }, iter: 40);

    /// <summary>What each of four endpoints comes to, and when it was asked, if it does as told after the first second.</summary>
    private static string[] Observe(int seed, string[] behaviours)
    {
        var it = new BoardWorld(seed);
        it.Apply(Some.Topology("a: e0 e1", "b: e2 e3"), BoardWorld.Options with { Jitter = 0.2 });
        it.PassSeconds(1);
        for (var i = 0; i < behaviours.Length; i++)
        {
            if (behaviours[i] == "fails") it.Prober.Fails($"e{i}");
            if (behaviours[i] == "hangs") it.Prober.Hangs($"e{i}");
            if (behaviours[i] == "deaf") it.Prober.IsDeaf($"e{i}");
            if (behaviours[i] == "throws") it.Prober.Throws($"e{i}", new InvalidOperationException("as scripted"));
        }

        it.PassSeconds(5);
        return [.. Enumerable.Range(0, 4).Select(i => $"{it.Now.Endpoint($"e{i}")} at {string.Join(' ', it.Prober.TimesOf($"e{i}"))}")];
    }
}
