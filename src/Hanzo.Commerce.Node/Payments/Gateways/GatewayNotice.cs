namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>What a gateway says by itself about what it was asked for: that it is done, or that a capture failed after all. It may come twice, and before the answer.</summary>
/// <param name="Number">Of the payment's transaction.</param>
internal sealed record GatewayNotice(string Merchant, string Payment, int Number, GatewayResult Result);
