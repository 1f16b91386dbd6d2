using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>
/// Marks routes all of whose steps are short and wait for nothing: they go on where their bytes were read. Every other request is
/// taken to the pool first. ADR 0146.
/// </summary>
internal sealed class ShortSteps
{
    public static ShortSteps Mark { get; } = new();

    /// <summary>The stage that does it. What comes before it is short.</summary>
    public static Task Pass(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ShortSteps>() is null ? Elsewhere(context, next) : next(context);

    private static async Task Elsewhere(HttpContext context, RequestDelegate next)
    {
        await SocketThread.Leave();
        await next(context);
    }
}
