using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>Makes one attempt at one endpoint.</summary>
/// <param name="general">YARP's forwarder.</param>
internal sealed class DirectForwarder(IHttpForwarder general) : IHttpForwarder
{
    /// <inheritdoc/>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken) =>
        general.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
}
