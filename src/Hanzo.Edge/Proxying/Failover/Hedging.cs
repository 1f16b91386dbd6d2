using Polly;
using Polly.Hedging;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Asks a second endpoint while the first takes unusually long, and takes the answer that comes first (Dean and Barroso,
/// The Tail at Scale, 2013). The second one is a repetition and needs leave of the retry budget, so that a region that is slow as a
/// whole does not double the load. A failure before the second is asked is left to the failover. Limits: an endpoint that is
/// overtaken is not blamed, for it may have been slow by chance; those that find no leave tell whether it answers at all.
/// </summary>
internal sealed class Hedging
{
    private static readonly ResiliencePropertyKey<Call> CallKey = new("call");

    private readonly Attempts attempts;
    private readonly FailoverMetrics metrics;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    /// <param name="attempts">Knows where a request may go.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    public Hedging(Attempts attempts, FailoverMetrics metrics, TimeProvider time)
    {
        (this.attempts, this.metrics, this.time) = (attempts, metrics, time);
        pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddHedging(new HedgingStrategyOptions<HttpResponseMessage>
            {
                MaxHedgedAttempts = 1,
                DelayGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Hedge.After),
                ShouldHandle = static args => ValueTask.FromResult(CallOf(args.Context).WaitsForOther(args.Outcome)),
                ActionGenerator = static args => CallOf(args.PrimaryContext).Second(args.ActionContext.CancellationToken),
            })
            .Build();
    }

    /// <summary>The client by which the first attempt of a request is made: one that hedges where the request can be hedged, else <paramref name="client"/>.</summary>
    public HttpMessageInvoker Over(HttpContext context, Exchange exchange, HttpMessageInvoker client) =>
        attempts.HedgeOf(context, exchange) is { } hedge ? new Client(this, new Call(this, context, exchange, client, hedge)) : client;

    private static Call CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);

    private sealed class Client(Hedging hedging, Call call) : HttpMessageInvoker(Unused, disposeHandler: false)
    {
        private static readonly HttpMessageHandler Unused = new SocketsHttpHandler();

        public override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            call.Request = request;
            var context = ResilienceContextPool.Shared.Get(cancellationToken);
            context.Properties.Set(CallKey, call);
            try
            {
                var response = await hedging.pipeline.ExecuteAsync(static (context, call) => call.FirstAsync(context.CancellationToken), context, call);
                return call.Take(response, cancellationToken);
            }
            finally
            {
                call.End();
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    /// <summary>One hedged request.</summary>
    private sealed class Call(Hedging hedging, HttpContext context, Exchange exchange, HttpMessageInvoker client, Hedge hedge)
    {
        private HttpResponseMessage? second;
        private bool hasWon;

        public Hedge Hedge => hedge;

        public HttpRequestMessage Request { get; set; } = null!;

        public async ValueTask<HttpResponseMessage> FirstAsync(CancellationToken cancellation) => await client.SendAsync(Request, cancellation);

        /// <summary>A bad end of one is not the end of the request while the other is under way.</summary>
        public bool WaitsForOther(Outcome<HttpResponseMessage> outcome) =>
            hedge.Sent != 0 && (outcome.Result is not { } response || exchange.Plan.Route.Attempts.Statuses.Contains((int)response.StatusCode));

        public Func<ValueTask<Outcome<HttpResponseMessage>>>? Second(CancellationToken cancellation)
        {
            if (!exchange.Plan.Budget.TryTake(exchange.Snapshot.Configuration.RetryBudget, exchange.Plan.UnderWay)) return null;
            hedge.Sent = hedging.time.GetTimestamp();
            return () => SecondAsync(cancellation);
        }

        /// <summary>Takes the answer that came first; if it is the second endpoint's, the request moves there.</summary>
        public HttpResponseMessage Take(HttpResponseMessage response, CancellationToken cancellation)
        {
            if (!ReferenceEquals(response, second)) return response;
            if (exchange.Attempt.Timer is { } timer && !timer.TryStop())
            {
                response.Dispose();
                throw new OperationCanceledException(cancellation); // the attempt's time ended in this moment
            }
            hedging.attempts.Overtake(context, exchange, hedge);
            hasWon = true;
            return response;
        }

        public void End()
        {
            if (hedge.Sent == 0) return;
            exchange.Plan.Budget.Return();
            hedging.metrics.Hedged(exchange.Plan.Route.Route.RouteId, hasWon);
        }

        private async ValueTask<Outcome<HttpResponseMessage>> SecondAsync(CancellationToken cancellation)
        {
            try
            {
                second = await client.SendAsync(Copy(), cancellation);
                return Outcome.FromResult(second);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                return Outcome.FromException<HttpResponseMessage>(e);
            }
        }

        private HttpRequestMessage Copy()
        {
            var first = new Uri(exchange.Attempt.Endpoint.Model.Config.Address).AbsolutePath.TrimEnd('/');
            var uri = RequestTarget.At(hedge.Endpoint.Model.Config.Address, Request.RequestUri!.PathAndQuery[first.Length..]);
            var copy = new HttpRequestMessage(Request.Method, uri) { Version = Request.Version, VersionPolicy = Request.VersionPolicy };
            foreach (var (name, values) in Request.Headers.NonValidated) copy.Headers.TryAddWithoutValidation(name, values);
            return copy;
        }
    }
}
