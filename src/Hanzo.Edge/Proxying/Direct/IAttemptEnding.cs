using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>What follows an attempt, as a part of it.</summary>
internal interface IAttemptEnding
{
    /// <summary>Ends the request, or goes on with it elsewhere.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exchange">The same.</param>
    /// <param name="error">How the attempt ended.</param>
    ValueTask EndAsync(HttpContext context, Exchange exchange, ForwarderError error);
}
