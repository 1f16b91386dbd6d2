using System.Net;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Keeps the HTTP client from sending a request again by itself. It does so on a kept connection that broke before the first
/// byte of a response, as long as no body was begun, whatever the method: a POST without a body could be executed twice.
/// With a body of no bytes there is one that was begun.
/// </summary>
internal sealed class SentOnce(HttpMessageHandler client) : DelegatingHandler(client)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && !ReplayRules.IsIdempotent(request.Method.Method) && request.Method != HttpMethod.Connect) request.Content = new Nothing();
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Nothing : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
