using Hanzo.Drills.Practice;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Practice;

public sealed class PracticeRunTests : IDisposable
{
    private readonly ScriptedEdge _edge = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _edge.Dispose();
        _stop.Dispose();
    }

    /// <summary>A minute's practice without eu-west.</summary>
    /// <param name="second">What happens in each second of it.</param>
    private async Task<PracticeResult> Practise(Action<int>? second = null)
    {
        var time = new WatchedTime();
        using var admin = new EdgeAdmin(new Uri("http://edge.invalid"), null, _edge);
        var running = new PracticeRun(admin, new PracticePlan("eu-west", TimeSpan.FromMinutes(1), "a test"), _ => { }, time).Run(_stop.Token);
        for (var at = 1; await Task.WhenAny(running, time.IsWaitedFor()) != running; at++)
        {
            second?.Invoke(at);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        return await running;
    }

    private Task<PracticeResult> From(int tenth, Action happens) => Practise(at =>
    {
        if (at == tenth)
            happens();
    });

    [Fact]
    public async Task Customers_who_are_served_without_the_region_pass_it()
    {
        Assert.Equal(PracticeOutcome.Passed, (await Practise()).Outcome);

        Assert.Equal("none", _edge.Asked[^1]);
        Assert.Null(_edge.Override);
        Assert.Equal(7, _edge.Asked.Count(kind => kind == "drain")); // at first, and then every 10 s
    }

    [Fact]
    public async Task Too_many_failures_fail_it_and_the_region_is_given_back()
    {
        var result = await From(10, () => _edge.Failed = 2);

        Assert.Equal((PracticeOutcome.Failed, "2 of the last 100 requests failed, more than 1 %"), (result.Outcome, result.Why));
        Assert.Null(_edge.Override);
    }

    [Fact]
    public async Task As_many_failures_as_may_be_and_seconds_with_few_requests_do_not_fail_it()
    {
        _edge.Failed = 1;
        Assert.Equal(PracticeOutcome.Passed, (await From(10, () => (_edge.Requests, _edge.Failed) = (19, 19))).Outcome);
    }

    [Fact]
    public async Task A_region_that_goes_on_answering_fails_it()
    {
        var result = await From(10, () => _edge.ByDrained = 3);

        Assert.Equal(PracticeOutcome.Failed, result.Outcome);
        Assert.StartsWith("eu-west answered ", result.Why, StringComparison.Ordinal);
        Assert.Null(_edge.Override);
    }

    [Fact]
    public async Task Another_operator_goes_first_and_keeps_what_he_forced()
    {
        var result = await From(10, () => _edge.Override = ("force-down", "an operator"));

        Assert.Equal((PracticeOutcome.Interrupted, "somebody else has ended or replaced the override"), (result.Outcome, result.Why));
        Assert.Equal(("force-down", "an operator"), _edge.Override);
    }

    [Fact]
    public async Task A_real_event_a_silent_edge_and_a_refused_renewal_interrupt_it()
    {
        Assert.Equal((PracticeOutcome.Interrupted, "us-east is down: a real event goes first"), Parts(await From(10, () => _edge.OtherRegion = "down")));
        Assert.Null(_edge.Override);

        _edge.OtherRegion = "up";
        Assert.Equal((PracticeOutcome.Interrupted, "the edge no longer lets it: capacity"), Parts(await From(5, () => _edge.Refusal = "capacity")));

        (_edge.Refusal, _edge.Override) = (null, null);
        Assert.Equal((PracticeOutcome.Interrupted, "the edge does not answer: connection refused"), Parts(await From(10, () => _edge.Silent = true)));
    }

    [Fact]
    public async Task Who_is_told_to_stop_while_the_edge_is_asked_gives_the_region_back()
    {
        _edge.BeforeAnswer = _stop.Cancel;

        Assert.Equal((PracticeOutcome.Interrupted, "it was told to stop"), Parts(await Practise()));
        Assert.Equal(["drain", "none"], _edge.Asked);
        Assert.Null(_edge.Override);
    }

    [Fact]
    public async Task An_override_whose_answer_does_not_come_is_taken_back()
    {
        _edge.BeforeAnswer = () =>
        {
            _edge.BeforeAnswer = null;
            throw new HttpRequestException("connection reset");
        };

        Assert.Equal((PracticeOutcome.Blocked, "the edge does not answer: connection reset"), Parts(await Practise()));
        Assert.Null(_edge.Override);
    }

    [Fact]
    public async Task It_does_not_begin_where_the_rest_could_not_do_without_the_region()
    {
        _edge.Refusal = "capacity of the rest is short";
        Assert.Equal((PracticeOutcome.Blocked, "the edge refuses: capacity of the rest is short"), Parts(await Practise()));

        _edge.Asked.Clear();
        _edge.OtherRegion = "degraded";
        Assert.Equal((PracticeOutcome.Blocked, "not every region is up: us-east"), Parts(await Practise()));
        (_edge.OtherRegion, _edge.Override) = ("up", ("drain", "an operator"));
        Assert.Equal((PracticeOutcome.Blocked, "an override is active: drain eu-west by an operator, a test"), Parts(await Practise()));
        Assert.Empty(_edge.Asked);
    }

    private static (PracticeOutcome, string) Parts(PracticeResult result) => (result.Outcome, result.Why);
}
