using Microsoft.AspNetCore.Http.Timeouts;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The end of an exchange's time, for stages that keep to it by a token. Plain requests, whose first attempt looks at the
/// clock instead, get one when that has failed.
/// </summary>
internal sealed class Deadline : IHttpRequestTimeoutFeature, IDisposable
{
    private readonly HttpContext context;
    private readonly CancellationToken client;
    private readonly CancellationTokenSource over;
    private readonly CancellationTokenSource either;

    private Deadline(HttpContext context, TimeSpan left, TimeProvider time)
    {
        (this.context, client) = (context, context.RequestAborted);
        over = new CancellationTokenSource(left, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, client);
        context.RequestAborted = either.Token;
        context.Features.Set<IHttpRequestTimeoutFeature>(this);
    }

    /// <inheritdoc/>
    public CancellationToken RequestTimeoutToken => over.Token;

    /// <summary>That of <paramref name="exchange"/>; null where it has none.</summary>
    public static Deadline? Of(HttpContext context, Exchange exchange)
    {
        if (exchange.Until == long.MaxValue) return null;
        var left = exchange.Time.GetElapsedTime(exchange.Time.GetTimestamp(), exchange.Until);
        return new Deadline(context, left > TimeSpan.Zero ? left : TimeSpan.Zero, exchange.Time);
    }

    /// <inheritdoc/>
    public void DisableTimeout() => over.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        context.RequestAborted = client;
        context.Features.Set<IHttpRequestTimeoutFeature>(null);
        either.Dispose();
        over.Dispose();
    }
}
