using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

internal static partial class PaymentLog
{
    [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "Transaction {number} of {payment} was left open; {gateway} says: {outcome}")]
    public static partial void Resolved(this ILogger log, string payment, int number, string gateway, GatewayOutcome outcome);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error, Message = "Transaction {number} of {payment} is open for so long that {gateway} may have forgotten it: look it up there by hand")]
    public static partial void TooOldToAsk(this ILogger log, string payment, int number, string gateway);

    [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "{gateway} says by itself of transaction {number} of {payment}: {outcome}")]
    public static partial void Heard(this ILogger log, string gateway, int number, string payment, GatewayOutcome outcome);

    [LoggerMessage(EventId = 313, Level = LogLevel.Error, Message = "What {gateway} said of transaction {number} of {payment} could not be written down within {time} s and is dropped: look it up there by hand")]
    public static partial void NotHeard(this ILogger log, string gateway, int number, string payment, double time);

    [LoggerMessage(EventId = 314, Level = LogLevel.Error, Message = "{gateway} cannot be listened to; it is tried again")]
    public static partial void ListeningFailed(this ILogger log, Exception fault, string gateway);
}
