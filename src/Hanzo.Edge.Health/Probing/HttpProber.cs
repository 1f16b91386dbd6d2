using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>
/// Probes over HTTP/1.1, each time over a connection of its own: a listener that is gone must not hide behind a
/// connection made while it stood, and a probe shall meet what the next new connection meets. No proxy, no cookies,
/// no redirects: the answer of this address is what counts.
/// </summary>
internal sealed class HttpProber(TimeProvider time) : IProber, IDisposable
{
    /// <summary>The header by which an endpoint refuses: <c>Hanzo-Health: down</c> on a 503.</summary>
    private const string RefusalHeader = "Hanzo-Health";

    private static readonly HttpRequestOptionsKey<TimeSpan> roundTripKey = new("round-trip");

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var (socket, roundTrip) = await TimedConnection.OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, time, cancellation).ConfigureAwait(false);
            context.InitialRequestMessage.Options.Set(roundTripKey, roundTrip);
            return new NetworkStream(socket, ownsSocket: true);
        },
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
    });

    public async Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        try
        {
            using var request = Ask(endpoint, options);
            using var response = await invoker.SendAsync(request, cancellation).ConfigureAwait(false);
            var outcome = await JudgeAsync(response, options, cancellation).ConfigureAwait(false);
            return outcome with { RoundTrip = request.Options.TryGetValue(roundTripKey, out var roundTrip) ? roundTrip : null };
        }
        catch (HttpRequestException e)
        {
            return Failure(e.HttpRequestError, e);
        }
        catch (IOException e)
        {
            return Failure(e is HttpIOException http ? http.HttpRequestError : HttpRequestError.ResponseEnded, e);
        }
    }

    public void Dispose() => invoker.Dispose();

    private static HttpRequestMessage Ask(RegionEndpoint endpoint, ProbeOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(options.Method), new Uri(endpoint.Address, options.Path));
        request.Headers.Host = options.Host ?? endpoint.Host;
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("hanzo-edge-probe", null));
        foreach (var (name, value) in options.Headers.Values) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<ProbeOutcome> JudgeAsync(HttpResponseMessage response, ProbeOptions options, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status == options.RefusedStatus)
            return ProbeOutcome.Failed(ProbeResult.Refused, $"status {status}");
        if (status == 503 && response.Headers.TryGetValues(RefusalHeader, out var says) && says.Contains("down", StringComparer.OrdinalIgnoreCase))
            return ProbeOutcome.Failed(ProbeResult.Refused, $"status 503 with {RefusalHeader}: down");
        if (!options.ExpectedStatus.Values.Any(range => status >= range.From && status <= range.To))
            return ProbeOutcome.Failed(ProbeResult.Status, $"status {status}");
        var isReport = response.Content.Headers.ContentType?.MediaType is "application/json";
        return isReport || options.ExpectedBody is not null
            ? await JudgeBodyAsync(response.Content, isReport, options.ExpectedBody, cancellation).ConfigureAwait(false)
            : ProbeOutcome.Good(StateClasses.All);
    }

    private static async Task<ProbeOutcome> JudgeBodyAsync(HttpContent content, bool isReport, string? expected, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadinessReport.MaxLength);
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, ReadinessReport.MaxLength), ReadinessReport.MaxLength, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return expected is not null && buffer.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(expected)) < 0
                ? ProbeOutcome.Failed(ProbeResult.Body, "the body lacks the expected text")
                : ProbeOutcome.Good(isReport ? ReadinessReport.Serves(buffer.AsMemory(0, length)) : StateClasses.All);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ProbeOutcome Failure(HttpRequestError error, Exception cause) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => ProbeOutcome.Failed(ProbeResult.Connect, cause.Message),
        HttpRequestError.SecureConnectionError => ProbeOutcome.Failed(ProbeResult.Tls, cause.InnerException?.Message ?? cause.Message),
        _ => ProbeOutcome.Failed(ProbeResult.Broken, (cause.InnerException ?? cause).Message),
    };
}
