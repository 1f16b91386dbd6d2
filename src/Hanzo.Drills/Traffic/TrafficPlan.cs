using System.Collections.Immutable;
using Hanzo.Drills.Declarations;

namespace Hanzo.Drills.Traffic;

/// <summary>Who shops, how much, and what for.</summary>
/// <param name="Rate">Arrivals a second, on average.</param>
/// <param name="Countries">Where customers are, each country with its weight.</param>
/// <param name="Mix">What they do, each with its weight.</param>
internal sealed record TrafficPlan(double Rate, ImmutableArray<(string Country, double Weight)> Countries, ImmutableArray<(ShopAction Action, double Weight)> Mix)
{
    /// <summary>The share of customers who keep the addresses of names for ever.</summary>
    public double IgnoreTtl { get; init; }

    /// <summary>How many clients shop at the nodes by turns, beside the customers, and record what they are told.</summary>
    public int Recorders { get; init; }

    public static TrafficPlan Read(Item item)
    {
        var keys = item.Keys();
        var rate = keys.Required("rate")?.Number(0.1, 5000) ?? 1;
        var countries = keys.Required("customers")?.Map((country, weight) =>
        {
            if (Customers.Of(country).IsEmpty)
                weight.Wrong($"no customer is known in '{country}'; there are {string.Join(", ", Customers.All.Select(customer => customer.Country).Distinct())}");
            return (country, weight.Number(0.001, 1_000_000));
        }) ?? [];
        if (countries.IsEmpty)
            item.Wrong("customers: at least one country is needed");
        var mix = keys.Optional("mix")?.Map((name, weight) =>
        {
            if (ShopAction.Find(name) is not { } action)
            {
                weight.Wrong($"'{name}' is not something customers do; they can {string.Join(", ", ShopAction.All.Select(known => known.Name))}");
                action = ShopAction.All[0];
            }
            return (action, weight.Number(0.001, 1_000_000));
        }) ?? [.. ShopAction.All.Where(action => action.ByDefault).Select(action => (action, 1.0))];
        var ignoreTtl = keys.Optional("ignoreTtl")?.Share() ?? 0;
        var recorders = keys.Optional("recorders")?.Whole(1, 16) ?? 0;
        keys.End();
        return new TrafficPlan(rate, countries, mix) { IgnoreTtl = ignoreTtl, Recorders = recorders };
    }
}
