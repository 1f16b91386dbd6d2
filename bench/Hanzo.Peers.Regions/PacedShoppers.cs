using System.Collections.Concurrent;

namespace Hanzo.Peers.Regions;

/// <summary>
/// Customers of all regions who come by the clock, whether the last one was served or not: carts (half), catalog and events
/// (a quarter each). How long one waits counts from when it should have come. Counts what was acknowledged.
/// </summary>
/// <param name="name">Of these customers: no event of theirs has the id of another's.</param>
/// <param name="carts">Those that the customers of each region fill.</param>
internal sealed class PacedShoppers(string name, WanWorld world, IReadOnlyList<IReadOnlyList<string>> carts, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> _added = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TimeSpan>[] _took = [.. WanWorld.Regions.Select(_ => new ConcurrentBag<TimeSpan>())];
    private int _told;
    private int _failed;
    private int _number;

    public IReadOnlyDictionary<string, int> Added => _added;

    public int Told => _told;

    public int Failed => _failed;

    /// <summary>Acknowledged additions and events.</summary>
    public int Changes => _told + _added.Values.Sum();

    public IReadOnlyCollection<TimeSpan> TookIn(int region) => _took[region];

    /// <param name="rate">Requests a second in all regions together.</param>
    /// <param name="browses">Whether every fourth only looks at the catalog; else all of them change something.</param>
    public async Task Shop(double rate, TimeSpan lasts, bool browses)
    {
        var began = time.GetTimestamp();
        var requests = new List<Task>();
        var count = (int)(rate * lasts.TotalSeconds);
        for (var turn = 0; turn < count; turn++)
        {
            var due = TimeSpan.FromSeconds(turn / rate);
            if (due - time.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, time);
            requests.Add(Serve(turn % WanWorld.Regions.Length, began, due, browses));
        }
        await Task.WhenAll(requests);
    }

    private async Task Serve(int region, long began, TimeSpan due, bool browses)
    {
        var number = Interlocked.Increment(ref _number);
        var client = world.Clients[region];
        // The turns go around the regions: what a region's customers do must not follow from the same number.
        var isDone = (number / WanWorld.Regions.Length % 4) switch
        {
            0 when browses => await client.Browse(number),
            1 => await Tell(client, number),
            _ => await Add(client, carts[region][number % carts[region].Count], number),
        };
        _took[region].Add(time.GetElapsedTime(began) - due);
        if (!isDone)
            Interlocked.Increment(ref _failed);
    }

    private async Task<bool> Tell(ShopClient client, int number)
    {
        if (!await client.Tell($"{name}-{number}", time.GetUtcNow()))
            return false;
        Interlocked.Increment(ref _told);
        return true;
    }

    private async Task<bool> Add(ShopClient client, string cart, int number)
    {
        if (!await client.Add(cart, number))
            return false;
        _added.AddOrUpdate(cart, 1, (_, count) => count + 1);
        return true;
    }
}
