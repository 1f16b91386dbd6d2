using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>
/// A gateway that speaks like Stripe: payment intents that are captured later, form bodies, an Idempotency-Key on every
/// POST. What a key did is learned by sending the same request again: the gateway answers what it answered first, and does
/// nothing twice. Its search would lag behind, so that a "not found" there proves nothing.
/// </summary>
/// <param name="secret">The API key.</param>
internal sealed class StripeGateway(string name, Uri url, string secret, HttpMessageInvoker http, TimeProvider time) : IPaymentGateway
{
    /// <summary>For all attempts together: less than callers have to themselves, see <see cref="PaymentState.CallersTime"/>.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private const int Retries = 2;

    private readonly ResiliencePipeline<GatewayResult> _pipeline = new ResiliencePipelineBuilder<GatewayResult> { TimeProvider = time }
        .AddTimeout(Whole)
        .AddRetry(new RetryStrategyOptions<GatewayResult>
        {
            MaxRetryAttempts = Retries,
            Delay = FirstPause,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = arguments => new(IsTrouble(arguments.Outcome)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<GatewayResult>
        {
            MinimumThroughput = 20,
            ShouldHandle = arguments => new(IsTrouble(arguments.Outcome)),
        })
        .AddTimeout(Attempt)
        .Build();

    public string Name => name;

    public ValueTask<GatewayResult> Perform(GatewayRequest request, CancellationToken cancellation) =>
        Ask(() => MessageOf(request), body => StripeAnswer.Read(request.Kind, body), cancellation);

    public async ValueTask<GatewayResult> Find(GatewayRequest request, CancellationToken cancellation)
    {
        var found = request is { Kind: TransactionKind.Authorize, Reference: { } intent }
            ? await Ask(() => Message(HttpMethod.Get, $"v1/payment_intents/{intent}"), body => StripeAnswer.Read(request.Kind, body), cancellation)
            : await Perform(request, cancellation);
        return found.Outcome == GatewayOutcome.NotDone ? GatewayResult.Unknown(found.Code!) : found;
    }

    private async ValueTask<GatewayResult> Ask(Func<HttpRequestMessage> message, Func<byte[], GatewayResult> read, CancellationToken cancellation)
    {
        // Once one attempt may have arrived, no later one proves that nothing was done.
        var isInDoubt = false;
        var result = default(GatewayResult);
        try
        {
            result = await _pipeline.ExecuteAsync(async token =>
            {
                var before = isInDoubt;
                isInDoubt = true;
                var answered = await Send(message, read, token);
                isInDoubt = before || answered.Outcome == GatewayOutcome.Unknown;
                return answered;
            }, cancellation);
        }
        catch (TimeoutRejectedException)
        {
            return GatewayResult.Unknown("timeout");
        }
        catch (BrokenCircuitException)
        {
            result = GatewayResult.NotDone("circuit open");
        }
        return result.Outcome == GatewayOutcome.NotDone && isInDoubt ? GatewayResult.Unknown(result.Code!) : result;
    }

    private async ValueTask<GatewayResult> Send(Func<HttpRequestMessage> message, Func<byte[], GatewayResult> read, CancellationToken cancellation)
    {
        using var request = message();
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => read(body),
                HttpStatusCode.PaymentRequired or HttpStatusCode.BadRequest or HttpStatusCode.NotFound => StripeAnswer.ReadError(body),
                // Refused before anything was looked at.
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => GatewayResult.NotDone($"status {(int)response.StatusCode}"),
                _ => GatewayResult.Unknown($"status {(int)response.StatusCode}"),
            };
        }
        catch (HttpRequestException unreachable) when (unreachable.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return GatewayResult.NotDone(unreachable.HttpRequestError.ToString());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return GatewayResult.Unknown("connection broken");
        }
    }

    private HttpRequestMessage MessageOf(GatewayRequest request)
    {
        var amount = request.Amount.Amount.ToString(CultureInfo.InvariantCulture);
        var (path, form) = request.Kind switch
        {
            TransactionKind.Authorize => ("v1/payment_intents", new Dictionary<string, string>
            {
                ["amount"] = amount,
                ["currency"] = request.Amount.Currency.ToLowerInvariant(),
                ["payment_method"] = request.Method,
                ["capture_method"] = "manual",
                ["confirm"] = "true",
                ["metadata[hanzo_transaction]"] = request.Key,
            }),
            TransactionKind.Capture => ($"v1/payment_intents/{request.Reference}/capture", new Dictionary<string, string>
            {
                ["amount_to_capture"] = amount,
                ["final_capture"] = request.IsLast ? "true" : "false",
            }),
            TransactionKind.Void => ($"v1/payment_intents/{request.Reference}/cancel", []),
            TransactionKind.Refund => ("v1/refunds", new Dictionary<string, string> { ["payment_intent"] = request.Reference!, ["amount"] = amount }),
            _ => throw new ArgumentException($"{request.Kind} is no transaction.", nameof(request)),
        };
        var message = Message(HttpMethod.Post, path);
        message.Headers.Add("Idempotency-Key", request.Key);
        message.Content = new FormUrlEncodedContent(form);
        return message;
    }

    private HttpRequestMessage Message(HttpMethod method, string path) =>
        new(method, new Uri(url, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };

    private static bool IsTrouble(Outcome<GatewayResult> outcome) =>
        outcome.Exception is TimeoutRejectedException || outcome.Result?.Outcome is GatewayOutcome.Unknown or GatewayOutcome.NotDone;
}
