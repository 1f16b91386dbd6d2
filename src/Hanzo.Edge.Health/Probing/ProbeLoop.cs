using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health.Probing;

/// <summary>What every probe loop of a board is given.</summary>
/// <param name="Time">The clock of schedules and timeouts.</param>
/// <param name="Prober">Who asks.</param>
/// <param name="Metrics">Where probes are counted.</param>
/// <param name="Log">Where defects are told.</param>
internal sealed record ProbeTools(TimeProvider Time, IProber Prober, HealthMetrics Metrics, ILogger Log);

/// <summary>
/// Probes one endpoint on its own schedule until stopped: at once, then after a random part of the interval, then at
/// jittered intervals from start to start. It waits for no other loop, survives every exception of its body, and ends
/// only by <see cref="DisposeAsync"/>.
/// </summary>
/// <param name="region">Name of the region, for metrics.</param>
/// <param name="endpoint">Whom to ask.</param>
/// <param name="options">How.</param>
/// <param name="random">This loop's own source of jitter.</param>
/// <param name="tools">Clock, prober, metrics and log.</param>
/// <param name="observe">Takes each outcome and says whether the endpoint is in transition.</param>
internal sealed class ProbeLoop(string region, RegionEndpoint endpoint, ProbeOptions options, Random random, ProbeTools tools, Func<ProbeLoop, ProbeOutcome, bool> observe) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ProbePause pause = new(tools.Time);
    private Task running = Task.CompletedTask;

    public void Start() => running = RunAsync(stopping.Token);

    /// <summary>Asks for the next probe as soon as the fast interval allows: something else saw the endpoint fail. Any thread; returns at once.</summary>
    public void Hurry() => pause.Hurry();

    /// <summary>Stops the loop, or keeps it from starting, and waits until its probe under way has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // The source itself is left to the collector: a loop may be stopped before it was started.
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await pause.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var phase = random.NextDouble();
        for (var isFirst = true; !stop.IsCancellationRequested; isFirst = false)
        {
            var started = tools.Time.GetTimestamp();
            var inTransition = await StepAsync(started, stop).ConfigureAwait(false);
            var pace = options.Pace(inTransition) * (isFirst && !inTransition ? phase : 1 + options.Jitter * (2 * random.NextDouble() - 1));
            var passed = tools.Time.GetElapsedTime(started);
            await pause.WaitAsync(pace - passed, options.Pace(inTransition: true) - passed, stop).ConfigureAwait(false);
        }
    }

    /// <summary>One probe and what follows from it; whatever goes wrong in it must not end the loop.</summary>
    private async Task<bool> StepAsync(long started, CancellationToken stop)
    {
        try
        {
            var outcome = await ProbeAsync(stop).ConfigureAwait(false);
            tools.Metrics.Probed(region, endpoint.Name, outcome.Result, tools.Time.GetElapsedTime(started));
            return observe(this, outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            TellDefect(e);
            return false;
        }
    }

    private async Task<ProbeOutcome> ProbeAsync(CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            // Waits beside the prober, not only through it: what does not listen to its token (a name lookup inside the
            // system's resolver) must not hold the loop.
            return await tools.Prober.ProbeAsync(endpoint, options, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return ProbeOutcome.Failed(ProbeResult.Timeout, $"no answer in {options.Timeout.TotalMilliseconds:0} ms");
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            TellDefect(e);
            return ProbeOutcome.Failed(ProbeResult.Error, e.Message);
        }
    }

    private void TellDefect(Exception e)
    {
        tools.Metrics.LoopFailed(region, endpoint.Name);
        HealthLog.ProbeLoopFailed(tools.Log, e, region, endpoint.Name);
    }
}
