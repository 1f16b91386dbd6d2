namespace Hanzo.Commerce.Node.Api;

internal static partial class ApiLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Error, Message = "A {method} request failed ({requestId})")]
    public static partial void Fault(this ILogger log, Exception fault, string method, string requestId);
}
