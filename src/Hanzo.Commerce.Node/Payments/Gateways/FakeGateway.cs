using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>
/// A gateway that moves nothing and answers by a script that the payment method names. It remembers nothing either: its
/// answers follow from the request, so that every node and every restart finds the same gateway. Only what it still had to
/// say by itself is forgotten when the node ends that asked it.
/// </summary>
internal sealed class FakeGateway(TimeProvider time, string name = "fake") : IPaymentGateway
{
    /// <summary>How long after its success a capture of the card that fails late fails.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    private const string Declined = "card_declined_";
    private const int MostUnheard = 1_000;

    private readonly Channel<(DateTimeOffset At, GatewayNotice Notice)> _notices = Channel.CreateBounded<(DateTimeOffset, GatewayNotice)>(new BoundedChannelOptions(MostUnheard) { FullMode = BoundedChannelFullMode.DropOldest });

    public string Name => name;

    public ValueTask<GatewayResult> Perform(GatewayRequest request, CancellationToken cancellation)
    {
        var answer = Answer(request);
        if (request.Method == "card_duplicate_webhook")
        {
            Notify(request, answer, TimeSpan.Zero);
            Notify(request, answer, TimeSpan.Zero);
        }
        else if (request is { Kind: TransactionKind.Capture, Method: "card_late_capture_failure" })
        {
            Notify(request, GatewayResult.Declined("late_failure"), Late);
        }
        return new(answer);
    }

    public async IAsyncEnumerable<GatewayNotice> Notices([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (at, notice) in _notices.Reader.ReadAllAsync(cancellation))
        {
            if (at - time.GetUtcNow() is { Ticks: > 0 } early)
                await Task.Delay(early, time, cancellation);
            yield return notice;
        }
    }

    private void Notify(GatewayRequest request, GatewayResult result, TimeSpan after) =>
        _notices.Writer.TryWrite((time.GetUtcNow() + after, new GatewayNotice(request.About.Merchant, request.About.Payment, request.About.Number, result)));

    private static GatewayResult Answer(GatewayRequest request) => request switch
    {
        { Method: "card_unreachable" } => GatewayResult.NotDone("connection refused"),
        { Method: "card_timeout_after_success" } => GatewayResult.Unknown("timeout"),
        { Kind: TransactionKind.Authorize, Method: "card_requires_action" or "card_action_refused" } =>
            GatewayResult.ActionRequired(ReferenceOf(request), $"https://fake-bank.example/agree/{request.Key}"),
        _ => Conclude(request),
    };

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
