namespace Hanzo.Drills.Traffic;

/// <summary>A customer who comes at a time that nothing delays: neither earlier answers nor a slow drill.</summary>
/// <param name="At">Since the drill began.</param>
internal sealed record Arrival(int Number, TimeSpan At, Customer Customer, ShopAction Action)
{
    /// <summary>Whether the customer's program keeps the addresses of names for longer than their TTLs say.</summary>
    public bool IgnoresTtl { get; init; }

    /// <summary>
    /// Draws every arrival of a drill. The times between them are exponential, so that they come in clumps as people do; where
    /// the load is multiplied they are drawn that much closer (a Poisson process with a rate that has steps).
    /// </summary>
    /// <param name="loadAt">How many times the rate arrive at a time.</param>
    /// <param name="herds">When how many come in the same moment.</param>
    public static IReadOnlyList<Arrival> Draw(TrafficPlan plan, TimeSpan duration, Func<TimeSpan, double> loadAt, Random random, IReadOnlyList<(TimeSpan At, int Customers)>? herds = null)
    {
        var arrivals = new List<Arrival>();
        HashSet<Customer> ignoring = plan.IgnoreTtl > 0 ? [.. plan.Countries.SelectMany(country => Customers.Of(country.Country)).Where(_ => random.NextDouble() < plan.IgnoreTtl)] : [];
        for (var at = TimeSpan.Zero; (at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / (plan.Rate * loadAt(at)))) < duration;)
            Come(at);
        if (herds is not { Count: > 0 })
            return arrivals;
        foreach (var (at, customers) in herds)
            for (var i = 0; i < customers; i++)
                Come(at);
        return [.. arrivals.OrderBy(arrival => arrival.At).Select((arrival, number) => arrival with { Number = number })];

        void Come(TimeSpan at)
        {
            var customers = Customers.Of(Weighted(plan.Countries, random));
            var customer = customers[random.Next(customers.Length)];
            arrivals.Add(new Arrival(arrivals.Count, at, customer, Weighted(plan.Mix, random)) { IgnoresTtl = ignoring.Contains(customer) });
        }
    }

    private static T Weighted<T>(IReadOnlyList<(T Value, double Weight)> choices, Random random)
    {
        var left = random.NextDouble() * choices.Sum(choice => choice.Weight);
        foreach (var (value, weight) in choices)
        {
            left -= weight;
            if (left < 0)
                return value;
        }
        return choices[^1].Value;
    }
}
