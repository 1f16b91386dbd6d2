using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Recording;

/// <summary>Several clients at the same objects for a time, and a last look at every object.</summary>
/// <param name="nodes">The addresses that requests go to, each to one by lot.</param>
internal sealed class HistoryRun(ImmutableArray<string> nodes, string apiKey, int seed, TimeProvider time)
{
    private const int Skus = 4;
    private const long FirstUnits = 20;

    /// <param name="clients">How many, 1 or more.</param>
    public async Task<IReadOnlyCollection<HistoryLine>> Record(int clients, TimeSpan lasts)
    {
        using var client = new HttpClient();
        var run = $"h{time.GetUtcNow().ToUnixTimeMilliseconds()}-{seed}";
        var skus = Enumerable.Range(0, Skus).Select(number => $"{run}-{number}".ToUpperInvariant()).ToList();
        var history = new History();
        var shoppers = Enumerable.Range(0, clients).Select(number =>
            new Shopper(number, run, skus, new Caller(nodes, apiKey, client, new Random(seed + 2 * number), time), history, new Random(seed + 2 * number + 1), time)).ToList();
        foreach (var sku in skus)
            await shoppers[0].PutFirst(sku, FirstUnits);
        await Task.WhenAll(shoppers.Select(shopper => shopper.Shop(lasts)));
        foreach (var sku in skus)
            await shoppers[0].ReadStock(sku);
        foreach (var id in history.Reservations.Select(reservation => reservation.Id).Distinct())
            await shoppers[0].ReadReservation(id);
        foreach (var id in history.Payments)
            await shoppers[0].ReadPayment(id);
        return history.Lines;
    }
}
