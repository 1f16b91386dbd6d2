using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Tests.Payments;

/// <summary>A gateway that books each key once, and can lose its answer or its caller.</summary>
internal sealed class LedgerGateway : IPaymentGateway
{
    private readonly Dictionary<string, TransactionKind> _booked = [];

    private readonly HashSet<string> _declined = [];

    public string Name => "ledger";

    /// <summary>What really happened, by the key it was asked with.</summary>
    public IReadOnlyDictionary<string, TransactionKind> Booked => _booked;

    /// <summary>What goes wrong with the next calls, in order; nothing when it is empty.</summary>
    public Queue<string> Troubles { get; } = [];

    public ValueTask<GatewayResult> Perform(GatewayRequest request, CancellationToken cancellation)
    {
        var trouble = Troubles.TryDequeue(out var next) ? next : "";
        if (trouble == "unreachable")
            return new(GatewayResult.NotDone("connection refused"));
        if (trouble == "declined")
            _declined.Add(request.Key);
        if (_declined.Contains(request.Key))
            return new(GatewayResult.Declined("insufficient_funds"));
        if (trouble == "asks customer")
            return new(GatewayResult.ActionRequired(request.Key, "https://bank.example/agree"));
        if (trouble != "lost")
            _booked[request.Key] = request.Kind;
        return trouble switch
        {
            "" => new(GatewayResult.Succeeded(request.Key)),
            "died" => throw new Machine.NodeDiedException(),
            _ => new(GatewayResult.Unknown("timeout")),
        };
    }

    public ValueTask<GatewayResult> Find(GatewayRequest request, CancellationToken cancellation) =>
        new(_declined.Contains(request.Key) ? GatewayResult.Declined("insufficient_funds")
            : !Troubles.Contains("declined") && Troubles.TryDequeue(out var trouble) && trouble != "" ? GatewayResult.Unknown("timeout")
            : _booked.ContainsKey(request.Key) ? GatewayResult.Succeeded(request.Key)
            : GatewayResult.NotDone("not known here"));
}
