using System.Runtime.CompilerServices;
using Hanzo.Edge.Proxying.Failover;
using Microsoft.AspNetCore.Http.Features;
using Polly;
using Polly.Retry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Forwards a request, at one endpoint after the other until one answers. A request whose first attempt succeeds, which is
/// nearly every one, never meets the retry pipeline.
/// </summary>
internal sealed class EdgeForwarder : IHttpForwarder
{
    private readonly IHttpForwarder inner;
    private readonly Attempts attempts;
    private readonly Hedging hedging;
    private readonly ResiliencePipeline<Step> repetitions;

    /// <param name="inner">Makes one attempt. It asks <see cref="Exchange.TakesAsync"/> before it gives a response to the client.</param>
    /// <param name="attempts">Judges attempts.</param>
    /// <param name="hedging">Makes the first attempt at two endpoints, on routes that want it.</param>
    /// <param name="time">The clock of pauses.</param>
    public EdgeForwarder(IHttpForwarder inner, Attempts attempts, Hedging hedging, TimeProvider time)
    {
        this.inner = inner;
        this.attempts = attempts;
        this.hedging = hedging;
        repetitions = new ResiliencePipelineBuilder<Step> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Step>
            {
                MaxRetryAttempts = int.MaxValue, // the candidate walk ends it
                ShouldHandle = static step => ValueTask.FromResult(step.Outcome.Result.Next is not null),
                DelayGenerator = static step => ValueTask.FromResult<TimeSpan?>(step.Outcome.Result.Pause),
            })
            .Build();
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer)
    {
        var exchange = context.Features.Get<Exchange>()!;
        var carrier = exchange.Plan.TransformerWith(transformer);
        var cut = attempts.Begin(context, exchange, context.GetReverseProxyFeature().ProxiedDestination!);
        var client = exchange.Plan.Route.Attempts.Hedges ? hedging.Over(context, exchange, httpClient) : httpClient;
        var error = await inner.SendAsync(context, destinationPrefix, client, requestConfig, carrier, cut);
        return attempts.End(context, exchange, error) is { } next
            ? await FailOverAsync(new Sending(context, exchange, httpClient, requestConfig, carrier), error, next)
            : error;
    }

    /// <summary>Goes on where the first attempt of a plain request failed, which <see cref="PlainStage"/> made.</summary>
    public ValueTask<ForwarderError> FailOverAsync(HttpContext context, Exchange exchange, ClusterModel cluster, ForwarderError error, NextAttempt next) =>
        FailOverAsync(new Sending(context, exchange, cluster.HttpClient, cluster.Config.HttpRequest ?? ForwarderRequestConfig.Empty, EdgeTransformer.Plain), error, next);

    private async ValueTask<ForwarderError> FailOverAsync(Sending sending, ForwarderError error, NextAttempt next)
    {
        try
        {
            sending.Last = new Step(error, next, TimeSpan.Zero);
            var last = await repetitions.ExecuteAsync(static (state, _) => state.Self.RepeatAsync(state.sending), (Self: this, sending));
            return last.Error;
        }
        finally
        {
            Attempts.GiveBackLeave(sending.Exchange);
        }
    }

    private async ValueTask<Step> RepeatAsync(Sending sending)
    {
        var (context, exchange) = (sending.Context, sending.Exchange);
        var (error, next, _) = sending.Last;
        if (next!.Value.NeedsLeave && !await attempts.LeaveAsync(context, exchange)) return sending.Last = new Step(error, null, TimeSpan.Zero);
        attempts.Move(exchange, next.Value.Region);
        var endpoint = next.Value.Endpoint;
        if (context.Features.Get<IReverseProxyFeature>() is { } yarp) yarp.ProxiedDestination = endpoint;
        Forget(context);
        var cut = attempts.Begin(context, exchange, endpoint);
        error = await inner.SendAsync(context, endpoint.Model.Config.Address, sending.Client, sending.Config, sending.Transformer, cut);
        return sending.Last = new Step(error, attempts.End(context, exchange, error), attempts.BackOff(exchange));
    }

    // What the failed attempt has left on the response; its fields were never copied.
    private static void Forget(HttpContext context)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
    }

    private readonly record struct Step(ForwarderError Error, NextAttempt? Next, TimeSpan Pause);

    private sealed record Sending(HttpContext Context, Exchange Exchange, HttpMessageInvoker Client, ForwarderRequestConfig Config, HttpTransformer Transformer)
    {
        public Step Last { get; set; }
    }
}
