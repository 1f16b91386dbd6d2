using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Recording;

/// <summary>Several clients at the same objects for a time, and a last look at every object.</summary>
/// <param name="nodes">The addresses that requests go to, each to one by lot.</param>
internal sealed class HistoryRun(ImmutableArray<string> nodes, string apiKey, int seed, TimeProvider time)
{
    private const int Skus = 4;
    private const int Pairs = 4;
    private const long FirstUnits = 20;

    /// <summary>How long, once nobody shops any more, a request is tried again.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long units of several shards may take to follow what was decided.</summary>
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="clients">How many, 1 or more.</param>
    /// <param name="meanwhile">What happens while they shop, from when the first units are there; null for nothing.</param>
    /// <param name="beforeTheEnd">What happens when nobody shops any more, before the last look; null for nothing.</param>
    /// <param name="afterStocking">What is waited for between the first counting of all stock and the first customer; null for nothing.</param>
    public async Task<IReadOnlyCollection<HistoryLine>> Record(int clients, TimeSpan lasts, Func<Task>? beforeTheEnd = null, Func<Task>? afterStocking = null, Func<Task>? meanwhile = null)
    {
        using var client = new HttpClient();
        var run = $"h{time.GetUtcNow().ToUnixTimeMilliseconds()}-{seed}";
        var skus = Enumerable.Range(0, Skus).Select(number => $"{run}-{number}".ToUpperInvariant()).ToList();
        var pairs = Enumerable.Range(0, Pairs).Select(number => $"{run}-P{number}".ToUpperInvariant()).ToList();
        var history = new History();
        var shoppers = Enumerable.Range(0, clients).Select(number =>
            new Shopper(number, run, skus, pairs, new Caller(nodes, apiKey, client, new Random(seed + 2 * number), time), history, new Random(seed + 2 * number + 1), time)).ToList();
        foreach (var sku in skus)
            await shoppers[0].PutFirst($"stock/{sku}", sku, FirstUnits);
        foreach (var sku in pairs)
            await shoppers[0].PutFirst($"ledger/{sku}", sku, FirstUnits);
        if (afterStocking is not null)
            await afterStocking();
        await Task.WhenAll([.. shoppers.Select(shopper => shopper.Shop(lasts)), meanwhile?.Invoke() ?? Task.CompletedTask]);
        if (beforeTheEnd is not null)
            await beforeTheEnd();
        while (history.Unanswered.TryDequeue(out var open))
            await shoppers[0].Settle(open, LastPatience);
        foreach (var sku in skus)
            await shoppers[0].ReadStock(sku);
        await Task.WhenAll(pairs.Select(sku => ReadSettled(shoppers[0], history, $"ledger/{sku}", sku)));
        foreach (var id in history.Reservations.Select(reservation => reservation.Id).Concat(history.Ended).Distinct())
            await shoppers[0].ReadReservation(id);
        foreach (var id in history.Payments)
            await shoppers[0].ReadPayment(id);
        return history.Lines;
    }

    /// <summary>Reads until everything is where it belongs: what another shard decided is followed soon, not at once.</summary>
    private async Task ReadSettled(Shopper shopper, History history, string on, string sku)
    {
        var began = time.GetTimestamp();
        do
        {
            await shopper.ReadStock(on, sku);
            if (Conservation.WhyNot([.. history.Lines.Where(line => line.Object == on)]) is null)
                return;
            await Task.Delay(Pause, time);
        }
        while (time.GetElapsedTime(began) < SettledWithin);
    }
}
