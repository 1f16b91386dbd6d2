using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>Where payments of some currencies and countries go. Empty lists mean all.</summary>
internal sealed record GatewayRoute(ImmutableArray<string> Currencies, ImmutableArray<string> Countries, ImmutableArray<GatewayShare> Gateways)
{
    public bool Takes(string currency, string? country) =>
        (Currencies.IsEmpty || Currencies.Contains(currency))
        && (Countries.IsEmpty || (country is not null && Countries.Contains(country)));

    /// <summary>
    /// The gateways in the order in which one payment tries them. Each comes first for its share of all payments, and a
    /// payment always gets the same order (weighted rendezvous: the smallest of -ln(u)/weight, u from a hash of both names).
    /// </summary>
    public ImmutableArray<string> OrderFor(string payment) =>
        [.. Gateways.OrderBy(gateway => -Math.Log(Uniform($"{payment} {gateway.Name}")) / gateway.Weight).ThenBy(gateway => gateway.Name, StringComparer.Ordinal).Select(gateway => gateway.Name)];

    /// <summary>More than 0, at most 1.</summary>
    private static double Uniform(string text) =>
        (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + 1.0) / (uint.MaxValue + 1.0);
}

/// <param name="Weight">How much it gets beside the others; more than 0.</param>
internal sealed record GatewayShare(string Name, double Weight);
