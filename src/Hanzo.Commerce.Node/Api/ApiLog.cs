namespace Hanzo.Commerce.Node.Api;

internal static partial class ApiLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Error, Message = "A {method} request failed ({requestId})")]
    public static partial void Fault(this ILogger log, Exception fault, string method, string requestId);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Order {order} stands, but its cart {cart} does not say so: the disk takes no writes")]
    public static partial void CartNotMarked(this ILogger log, string order, string cart);
}
