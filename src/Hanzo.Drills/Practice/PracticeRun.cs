using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Practice;

/// <summary>
/// Takes a region of a live system away for a while, as a zonal autoshift practice run does, and gives it back.
///
/// The region is drained by an override that holds for a short time only and is renewed while the practice lasts: when this
/// program dies, the override ends by itself. The override also is the lock: a second practice finds it and is blocked.
/// </summary>
internal sealed class PracticeRun(EdgeAdmin edge, PracticePlan plan, Action<string> progress, TimeProvider time)
{
    /// <summary>How long the override outlives this program at most.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RenewEvery = Lease / 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long requests that were under way may still come back from the region.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const string Drain = "drain";

    private readonly string _by = $"hanzo-drill practice {Environment.ProcessId}@{Environment.MachineName}";

    /// <summary>Runs it to its end. The region is given back whatever happens, unless somebody else has taken it over.</summary>
    public async Task<PracticeResult> Run(CancellationToken cancellation)
    {
        var (ours, isHeld) = (false, false);
        try
        {
            if (await WhyBlocked(cancellation) is { } blocked)
                return new PracticeResult(PracticeOutcome.Blocked, blocked);
            var before = await edge.Traffic(cancellation);
            // The edge may do it and its answer never come.
            ours = true;
            if (await Hold(cancellation) is { } rule)
            {
                ours = false;
                return new PracticeResult(PracticeOutcome.Blocked, $"the edge refuses: {rule}");
            }
            isHeld = true;
            var result = await Watch(before, cancellation);
            ours = result.StillOurs;
            return result.Result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new PracticeResult(PracticeOutcome.Interrupted, "it was told to stop");
        }
        catch (HttpRequestException unreachable)
        {
            return new PracticeResult(isHeld ? PracticeOutcome.Interrupted : PracticeOutcome.Blocked, $"the edge does not answer: {unreachable.Message}");
        }
        finally
        {
            if (ours)
                await GiveBack();
        }
    }

    private async Task<string?> WhyBlocked(CancellationToken cancellation)
    {
        var now = await edge.Regions(cancellation);
        if (!now.Regions.Any(region => region.Name == plan.Region))
            return $"no region is named {plan.Region}; there are {string.Join(", ", now.Regions.Select(region => region.Name))}";
        if (now.Overrides is [var active, ..])
            return $"an override is active: {active.Kind} {active.Region} by {active.By}, {active.Reason}";
        if (now.Regions.Where(region => !region.IsUp).Select(region => region.Name).ToList() is { Count: > 0 } unfit)
            return $"not every region is up: {string.Join(", ", unfit)}";
        return now.Regions.Length < 2 ? "there is no other region" : null;
    }

    private async Task<(PracticeResult Result, bool StillOurs)> Watch(EdgeTraffic before, CancellationToken cancellation)
    {
        var (begun, renewed, last, atGrace) = (time.GetTimestamp(), time.GetTimestamp(), before, (EdgeTraffic?)null);
        while (time.GetElapsedTime(begun) is var elapsed && elapsed < plan.For)
        {
            progress($"{elapsed.TotalSeconds:0} s of {plan.For.TotalSeconds:0} without {plan.Region}, {last.Requests - before.Requests:0} requests, {last.Failed - before.Failed:0} failed");
            await Task.Delay(LookEvery, time, cancellation);
            var now = await edge.Regions(cancellation);
            if (now.Overrides.FirstOrDefault(one => one.Region == plan.Region) is not { } held || held.By != _by)
                return (new PracticeResult(PracticeOutcome.Interrupted, "somebody else has ended or replaced the override"), false);
            if (now.Regions.FirstOrDefault(region => region.Name != plan.Region && region.Observed != "up") is { } other)
                return (new PracticeResult(PracticeOutcome.Interrupted, $"{other.Name} is {other.Observed}: a real event goes first"), true);
            // Only after that look: renewing first would replace what another operator has just forced.
            if (time.GetElapsedTime(renewed) >= RenewEvery)
            {
                if (await Hold(cancellation) is { } rule)
                    return (new PracticeResult(PracticeOutcome.Interrupted, $"the edge no longer lets it: {rule}"), true);
                renewed = time.GetTimestamp();
            }

            var traffic = await edge.Traffic(cancellation);
            if (Guard(last, traffic) is { } tripped)
                return (new PracticeResult(PracticeOutcome.Failed, tripped), true);
            last = traffic;
            if (time.GetElapsedTime(begun) > Grace)
            {
                atGrace ??= traffic;
                if (traffic.ByRegion.GetValueOrDefault(plan.Region) - atGrace.ByRegion.GetValueOrDefault(plan.Region) is > 0 and var still)
                    return (new PracticeResult(PracticeOutcome.Failed, $"{plan.Region} answered {still:0} requests while it was drained"), true);
            }
        }
        return (new PracticeResult(PracticeOutcome.Passed, $"{last.Requests - before.Requests:0} requests were answered without {plan.Region}, {last.Failed - before.Failed:0} failed"), true);
    }

    /// <summary>Why customers are worse off than they may be, judged by the last second; null when they are not.</summary>
    private string? Guard(EdgeTraffic last, EdgeTraffic now)
    {
        var (requests, failed) = (now.Requests - last.Requests, now.Failed - last.Failed);
        return requests >= plan.FewestRequests && failed > plan.MostFailed * requests
            ? FormattableString.Invariant($"{failed:0} of the last {requests:0} requests failed, more than {plan.MostFailed * 100:0.##} %")
            : null;
    }

    private Task<string?> Hold(CancellationToken cancellation) => edge.Override(plan.Region, Drain, plan.Reason, _by, Lease, cancellation);

    /// <summary>Also when this was told to stop; where the edge does not answer, the lease ends by itself.</summary>
    private async Task GiveBack()
    {
        try
        {
            await edge.Override(plan.Region, "none", $"practice is over: {plan.Reason}", _by, TimeSpan.Zero, CancellationToken.None);
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            progress($"{plan.Region} could not be given back ({away.Message}); its override ends within {Lease.TotalSeconds:0} s");
        }
    }
}

/// <summary>What is practised.</summary>
/// <param name="MostFailed">The share of a second's requests that may fail, 0 to 1, before the region is given back.</param>
/// <param name="FewestRequests">A second with fewer requests says too little.</param>
internal sealed record PracticePlan(string Region, TimeSpan For, string Reason, double MostFailed = 0.01, int FewestRequests = 20);
