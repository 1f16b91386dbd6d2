using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

internal static partial class PaymentLog
{
    [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "Transaction {number} of {payment} was left open; {gateway} says: {outcome}")]
    public static partial void Resolved(this ILogger log, string payment, int number, string gateway, GatewayOutcome outcome);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error, Message = "Transaction {number} of {payment} is open for so long that {gateway} may have forgotten it: look it up there by hand")]
    public static partial void TooOldToAsk(this ILogger log, string payment, int number, string gateway);
}
