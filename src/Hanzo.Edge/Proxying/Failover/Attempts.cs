using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Passive;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Judges each attempt of a request: how it ended, what health is to hear of it, and whether another one may follow. What
/// a request needs that succeeds at once is a timer from a pool and a few fields; everything else begins with a failure.
/// </summary>
internal sealed class Attempts
{
    // Whoever gets no leave to repeat asks again at a random moment within this (full jitter), so that those who wait do not come back in step.
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(5);

    // After that many questions a request takes what it has: leave that takes longer than this comes too late.
    private const int Questions = 100;

    private readonly HealthBoard board;
    private readonly ProxyMetrics requests;
    private readonly FailoverMetrics metrics;
    private readonly Spread spread;
    private readonly TimeProvider time;
    private readonly ObjectPool<AttemptTimer> timers;

    /// <param name="board">Hears of every outcome.</param>
    /// <param name="requests">Counts requests by region.</param>
    /// <param name="metrics">Counts failures.</param>
    /// <param name="spread">Random numbers.</param>
    /// <param name="time">The clock.</param>
    public Attempts(HealthBoard board, ProxyMetrics requests, FailoverMetrics metrics, Spread spread, TimeProvider time)
    {
        (this.board, this.requests, this.metrics, this.spread, this.time) = (board, requests, metrics, spread, time);
        timers = new DefaultObjectPool<AttemptTimer>(new AttemptTimer.Policy(time, this), maximumRetained: 1024);
    }

    /// <summary>Begins an attempt at <paramref name="endpoint"/> of the exchange's region.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exchange">The same.</param>
    /// <param name="endpoint">Who is asked.</param>
    /// <returns>Ends the attempt when its time is over.</returns>
    public CancellationToken Begin(HttpContext context, Exchange exchange, DestinationState endpoint)
    {
        Ask(exchange, endpoint);
        if (IsOnly(exchange)) return default;
        KeepBody(context.Request, exchange, exchange.Plan.Route.Attempts);
        return MayRepeat(context, exchange) ? Bound(exchange) : default;
    }

    /// <summary>Begins an attempt of a request without content that may be repeated.</summary>
    /// <returns>Ends the attempt when its time is over.</returns>
    public CancellationToken Begin(Exchange exchange, DestinationState endpoint)
    {
        Ask(exchange, endpoint);
        return IsOnly(exchange) ? default : Bound(exchange);
    }

    private void Ask(Exchange exchange, DestinationState endpoint)
    {
        ref var attempt = ref exchange.Attempt;
        (attempt.Judge, attempt.Endpoint, attempt.Sent) = (this, endpoint, time.GetTimestamp());
        (attempt.IsRefused, attempt.Status) = (false, 0);
    }

    private static bool IsOnly(Exchange exchange) => exchange.Plan.Route.Attempts.Most == 1 || exchange.Plan.Destinations.Count == 1;

    private CancellationToken Bound(Exchange exchange)
    {
        var options = exchange.Plan.Route.Attempts;
        if (options.Timeout == TimeSpan.Zero || !IsFirstOfSeveral(exchange)) return default;
        ref var attempt = ref exchange.Attempt;
        attempt.Timer = timers.Get();
        if (attempt.Body is { } body) body.Timer = attempt.Timer;
        attempt.Timer.Start(exchange, options.Timeout, attempt.Sent);
        return attempt.Timer.Token;
    }

    /// <summary>
    /// The head of the response came: whether it is the client's answer. If not, the attempt counts as failed and nothing
    /// of the response may reach the client.
    /// </summary>
    public ValueTask<bool> TakesAsync(HttpContext context, Exchange exchange, int status)
    {
        if (!CountsAsFailed(exchange, status)) return new(Takes(exchange, status));
        if (!IsInTime(exchange, status)) return new(false);
        if (!MayGoOn(context, exchange, wasSent: true) || !HasOther(exchange)) return new(Take(exchange, RequestOutcome.BadStatus));
        return RefuseAsync(context, exchange);
    }

    /// <summary>Whether a response with <paramref name="status"/> is a failed attempt where another one may follow.</summary>
    public static bool CountsAsFailed(Exchange exchange, int status) => exchange.Plan.Route.Attempts.Statuses.Contains(status);

    /// <summary>The head of a response came that does not count as failed: whether it is the client's answer, which it is unless it came too late.</summary>
    public bool Takes(Exchange exchange, int status) => IsInTime(exchange, status) && Take(exchange, RequestOutcome.Answered);

    /// <summary>An attempt is over whose response went to the client, whole or broken off, or whose client is gone.</summary>
    public void End(Exchange exchange, ForwarderError error)
    {
        ref var attempt = ref exchange.Attempt;
        StopTimer(ref attempt);
        if (attempt.IsTaken && AttemptFailure.BrokeOff(error)) Report(exchange, exchange.Region, attempt.Endpoint, RequestOutcome.Reset, attempt.Sent);
    }

    /// <summary>The attempt is over.</summary>
    /// <returns>The attempt that may follow, or null.</returns>
    public NextAttempt? End(HttpContext context, Exchange exchange, ForwarderError error)
    {
        ref var attempt = ref exchange.Attempt;
        if (attempt.IsTaken)
        {
            End(exchange, error);
            return null;
        }
        var isCut = StopTimer(ref attempt);
        var failure = attempt.IsRefused ? new AttemptFailure(RequestOutcome.BadStatus, WasSent: true)
            : isCut ? new AttemptFailure(RequestOutcome.TimedOut, WasSent: true)
            : error == ForwarderError.None ? null
            : AttemptFailure.Of(context, error);
        if (failure is not { } what) return null;
        if (!isCut && !attempt.IsRefused) Report(exchange, exchange.Region, attempt.Endpoint, what.Outcome, attempt.Sent);
        var next = MayGoOn(context, exchange, what.WasSent) && CandidateWalk.TryNext(exchange, exchange.Plan.Route.Attempts.Most, lastResort: !isCut && !attempt.IsRefused, spread.Next(), out var region, out var endpoint)
            ? new NextAttempt(endpoint, region, NeedsLeave: what.WasSent)
            : (NextAttempt?)null;
        metrics.Failed(exchange.Plan.Route.Route.RouteId, exchange.Plan.RegionName(exchange.Region).ToString(), what.Outcome);
        (attempt.Failed ??= []).Add(new FailedAttempt(attempt.Endpoint, exchange.Region, what.Outcome, attempt.Status, attempt.Sent, Elapsed(attempt.Sent), isCut));
        return next;
    }

    /// <summary>Waits for leave to repeat what may have been executed, where the request has none yet; false when there is none for too long.</summary>
    public async ValueTask<bool> LeaveAsync(HttpContext context, Exchange exchange)
    {
        for (var question = 0; !TryTakeLeave(exchange); question++)
        {
            if (question == Questions || context.RequestAborted.IsCancellationRequested)
            {
                metrics.Denied(exchange.Plan.Route.Route.RouteId);
                return false;
            }
            await Task.Delay(Jitter(AskAgain), time, CancellationToken.None);
        }
        return true;
    }

    /// <summary>Leads the request to where it is tried next.</summary>
    public void Move(Exchange exchange, int region)
    {
        metrics.Repeated(exchange.Plan.Route.Route.RouteId, exchange.Plan.RegionName(region).ToString());
        Enter(exchange, region);
    }

    private void Enter(Exchange exchange, int region)
    {
        if (region == exchange.Region) return;
        exchange.Series?.Leave();
        exchange.Load?.Leave();
        exchange.Load = exchange.Plan.Load(region);
        exchange.Load?.Enter();
        exchange.Region = region;
        exchange.Series = exchange.Plan.Series(requests, region, exchange.Snapshot.World.PlaceOf(exchange.Place, exchange.Network).Place.Continent);
        exchange.Series.Begin();
    }

    /// <summary>Where a request may be sent while its first attempt is under way, once that has taken as long as its endpoint's p95; null for nowhere.</summary>
    public Hedge? HedgeOf(HttpContext context, Exchange exchange)
    {
        var request = context.Request;
        if (!ReplayRules.IsIdempotent(request.Method) || request.Headers.Upgrade.Count != 0) return null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }) return null;
        var endpoint = exchange.Attempt.Endpoint;
        if (board.P95(exchange.Snapshot.World.Topology, exchange.Region, exchange.Plan.Region(exchange.Region).IndexOf(endpoint)) is not { } after) return null;
        return CandidateWalk.TryNext(exchange, exchange.Plan.Route.Attempts.Most, lastResort: false, spread.Next(), out var region, out var other)
            ? new Hedge(after, other, region)
            : null;
    }

    /// <summary>The second endpoint of a hedged request answered first: from here on the request is there.</summary>
    public void Overtake(HttpContext context, Exchange exchange, Hedge hedge)
    {
        ref var attempt = ref exchange.Attempt;
        (attempt.Failed ??= []).Add(new FailedAttempt(attempt.Endpoint, exchange.Region, RequestOutcome.Overtaken, 0, attempt.Sent, Elapsed(attempt.Sent), IsCut: false));
        Enter(exchange, hedge.Region);
        (attempt.Endpoint, attempt.Sent) = (hedge.Endpoint, hedge.Sent);
        context.GetReverseProxyFeature().ProxiedDestination = hedge.Endpoint;
    }

    /// <summary>How long to wait before the attempt that follows: nothing before the second, then up to twice as long each time, at random (full jitter).</summary>
    public TimeSpan BackOff(Exchange exchange)
    {
        var failed = exchange.Attempt.Failed?.Count ?? 0;
        return failed < 2 ? TimeSpan.Zero : Jitter(exchange.Plan.Route.Attempts.BackOff * Math.Pow(2, failed - 2));
    }

    /// <summary>Ends the request's claim on the retry budget.</summary>
    public static void GiveBackLeave(Exchange exchange)
    {
        if (!exchange.Attempt.HasLeave) return;
        exchange.Attempt.HasLeave = false;
        exchange.Plan.Budget.Return();
    }

    /// <summary>An attempt's time is over: whether it is ended, which only makes sense where another candidate waits.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="tookLeave">Whether leave was taken for what follows.</param>
    /// <param name="again">When to ask again, where it is not ended.</param>
    public bool MayCut(Exchange exchange, out bool tookLeave, out TimeSpan again)
    {
        again = Jitter(AskAgain);
        tookLeave = false;
        var options = exchange.Plan.Route.Attempts;
        if (exchange.Attempt.Body is { CanReplay: false } || !HasOther(exchange))
        {
            again = options.Timeout;
            return false;
        }
        return exchange.Attempt.HasLeave || (tookLeave = exchange.Plan.Budget.TryTake(exchange.Snapshot.Configuration.RetryBudget, exchange.Plan.UnderWay));
    }

    // Where it is not, its cancellation is on the way.
    private static bool IsInTime(Exchange exchange, int status)
    {
        ref var attempt = ref exchange.Attempt;
        if (attempt.Timer is { } timer && !timer.TryStop()) return false;
        attempt.Status = (short)status;
        return true;
    }

    private async ValueTask<bool> RefuseAsync(HttpContext context, Exchange exchange)
    {
        if (!await LeaveAsync(context, exchange)) return Take(exchange, RequestOutcome.BadStatus);
        Report(exchange, exchange.Region, exchange.Attempt.Endpoint, RequestOutcome.BadStatus, exchange.Attempt.Sent);
        exchange.Attempt.IsRefused = true;
        return false;
    }

    private bool Take(Exchange exchange, RequestOutcome outcome)
    {
        ref var attempt = ref exchange.Attempt;
        attempt.IsTaken = true;
        attempt.HeadMs = Elapsed(attempt.Sent);
        Report(exchange, exchange.Region, attempt.Endpoint, outcome, attempt.Sent);
        GiveBackLeave(exchange);
        // A request that is slow everywhere is slow itself: only an answer in time says that the endpoints before were.
        if (attempt.Failed is { } failed && attempt.HeadMs < exchange.Plan.Route.Attempts.Timeout.TotalMilliseconds)
            foreach (var cut in failed)
                if (cut.IsCut) Report(exchange, cut.Region, cut.Endpoint, RequestOutcome.TimedOut, cut.Sent);
        return true;
    }

    // Only what steering finds fit is worth giving up an attempt for that may still succeed.
    private static bool HasOther(Exchange exchange) => CandidateWalk.TryNext(exchange, exchange.Plan.Route.Attempts.Most, lastResort: false, 0, out _, out _);

    private static bool MayGoOn(HttpContext context, Exchange exchange, bool wasSent) =>
        !context.RequestAborted.IsCancellationRequested
        && !exchange.IsLate
        && !context.Response.HasStarted
        && exchange.Attempt.Body is not { CanReplay: false }
        && (!wasSent || MayRepeat(context, exchange));

    private static bool MayRepeat(HttpContext context, Exchange exchange) => ReplayRules.MayRepeat(context.Request, exchange.Plan.Route.Attempts);

    private static bool IsFirstOfSeveral(Exchange exchange) => exchange.Eligible > 1 || exchange.Plan.Region(exchange.Region).Count > 1;

    // A body is read once from the client; who may need it twice reads it through something that remembers. An upgraded
    // connection has no body, only a stream of its own.
    private static void KeepBody(HttpRequest request, Exchange exchange, AttemptOptions options)
    {
        ref var attempt = ref exchange.Attempt;
        if (attempt.Body is { } body)
        {
            request.Body = body.Open();
            return;
        }
        if (attempt.Failed is not null || HttpMethods.IsConnect(request.Method) || request.Headers.Upgrade.Count != 0) return;
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return;
        attempt.Body = new ReplayBody(request.Body, MayRepeat(request.HttpContext, exchange) ? options.MaxReplayBody : 0, request.ContentLength ?? 0);
        request.Body = attempt.Body.Open();
    }

    private bool StopTimer(ref AttemptUnderWay attempt)
    {
        if (attempt.Timer is not { } timer) return false;
        attempt.Timer = null;
        if (attempt.Body is { } body) body.Timer = null;
        var isCut = !timer.TryStop();
        if (isCut) timer.Dispose();
        else timers.Return(timer);
        return isCut;
    }

    private static bool TryTakeLeave(Exchange exchange) =>
        exchange.Attempt.HasLeave = exchange.Attempt.HasLeave || exchange.Plan.Budget.TryTake(exchange.Snapshot.Configuration.RetryBudget, exchange.Plan.UnderWay);

    private void Report(Exchange exchange, int region, DestinationState endpoint, RequestOutcome outcome, long sent)
    {
        var index = exchange.Plan.Region(region).IndexOf(endpoint);
        if (index >= 0) board.Report(exchange.Snapshot.World.Topology, region, index, outcome, sent);
    }

    private float Elapsed(long since) => (float)time.GetElapsedTime(since).TotalMilliseconds;

    private TimeSpan Jitter(TimeSpan most) => most * (spread.Next() / (double)ulong.MaxValue);
}
