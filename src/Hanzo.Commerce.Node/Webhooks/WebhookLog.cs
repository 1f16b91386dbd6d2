namespace Hanzo.Commerce.Node.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Message {message} was given up after its last attempt: {error}")]
    public static partial void GivenUp(this ILogger log, string message, string error);

    [LoggerMessage(EventId = 322, Level = LogLevel.Error, Message = "Message {message} could not be sent; that is tried again")]
    public static partial void SendingFailed(this ILogger log, Exception fault, string message);
}
