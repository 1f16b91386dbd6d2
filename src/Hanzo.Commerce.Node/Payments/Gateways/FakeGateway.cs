namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>
/// A gateway that moves nothing and answers by a script that the payment method names. It remembers nothing either: its
/// answers follow from the request, so that every node and every restart finds the same gateway.
/// </summary>
internal sealed class FakeGateway(string name = "fake") : IPaymentGateway
{
    private const string Declined = "card_declined_";

    public string Name => name;

    public ValueTask<GatewayResult> Perform(GatewayRequest request, CancellationToken cancellation) => new(request switch
    {
        { Method: "card_unreachable" } => GatewayResult.NotDone("connection refused"),
        { Method: "card_timeout_after_success" } => GatewayResult.Unknown("timeout"),
        { Kind: TransactionKind.Authorize, Method: "card_requires_action" or "card_action_refused" } =>
            GatewayResult.ActionRequired(ReferenceOf(request), $"https://fake-bank.example/agree/{request.Key}"),
        _ => Conclude(request),
    });

    public ValueTask<GatewayResult> Find(GatewayRequest request, CancellationToken cancellation) => new(request switch
    {
        { Method: "card_unreachable" } => GatewayResult.Unknown("connection refused"),
        { Kind: TransactionKind.Authorize, Method: "card_action_refused" } => GatewayResult.Declined("authentication_failed"),
        _ => Conclude(request),
    });

    private static GatewayResult Conclude(GatewayRequest request) => request switch
    {
        { Kind: TransactionKind.Authorize } when request.Method.StartsWith(Declined, StringComparison.Ordinal) => GatewayResult.Declined(request.Method[Declined.Length..]),
        { Kind: TransactionKind.Capture, Method: "card_capture_declined" } => GatewayResult.Declined("capture_declined"),
        { Kind: TransactionKind.Refund, Method: "card_refund_declined" } => GatewayResult.Declined("refund_declined"),
        _ => GatewayResult.Succeeded(ReferenceOf(request)),
    };

    private static string ReferenceOf(GatewayRequest request) => $"fake_{request.Key}";
}
