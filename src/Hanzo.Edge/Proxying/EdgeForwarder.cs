using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>Forwards by YARP, with our transformer before the route's own.</summary>
internal sealed class EdgeForwarder(IHttpForwarder yarp) : IHttpForwarder
{
    /// <inheritdoc/>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        yarp.SendAsync(context, destinationPrefix, httpClient, requestConfig, context.Features.Get<Exchange>()!.Plan.TransformerWith(transformer));
}
