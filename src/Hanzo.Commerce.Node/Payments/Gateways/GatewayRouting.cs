using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>The gateways of a node and which payment goes where.</summary>
internal sealed class GatewayRouting(IEnumerable<IPaymentGateway> gateways, ImmutableArray<GatewayRoute> routes)
{
    private readonly ImmutableDictionary<string, IPaymentGateway> _gateways = gateways.ToImmutableDictionary(gateway => gateway.Name, StringComparer.Ordinal);

    public static GatewayRouting None { get; } = new([], []);

    /// <summary>Everything goes to one.</summary>
    public static GatewayRouting Only(IPaymentGateway gateway) => new([gateway], [new GatewayRoute([], [], [new GatewayShare(gateway.Name, 1)])]);

    public IEnumerable<IPaymentGateway> All => _gateways.Values;

    /// <summary>Where a payment is authorized, in order; empty when no route takes it.</summary>
    public ImmutableArray<string> For(string payment, string currency, string? country) =>
        routes.FirstOrDefault(route => route.Takes(currency, country))?.OrderFor(payment) ?? [];

    public IPaymentGateway? Find(string name) => _gateways.GetValueOrDefault(name);
}
