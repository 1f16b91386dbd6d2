using System.Collections.Concurrent;

namespace Hanzo.Peers.Regions;

/// <summary>
/// Shops in three regions at a steady rate and watches how soon the others know; then cuts one off, shops on, joins it
/// again and watches how soon all have everything, and whether that is what was acknowledged.
/// </summary>
internal sealed class WanRun(string program, string directory, TimeSpan steady, TimeSpan cut, int changes, TimeProvider time)
{
    private const double Rate = 500;
    private const int CartsOfRegion = 200;
    private const int CartsOfAll = 50;
    private const int Minority = 2;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // At this pace code runs often enough to be compiled for good only after half a minute, and while that happens three
    // nodes that start at once on few cores are slow in a way that no running node is.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(35);

    private readonly Readings _readings = new();

    public async Task<Readings> Measure()
    {
        await using var world = await WanWorld.Build(program, directory, time);
        await Until(async () => (await Task.WhenAll(world.Clients.Select(client => client.IsReady()))).All(ready => ready), world);
        var shared = await Carts(world, 0, CartsOfAll);
        var carts = new List<IReadOnlyList<string>>();
        for (var region = 0; region < world.Clients.Count; region++)
            carts.Add([.. shared, .. await Carts(world, region, CartsOfRegion)]);
        await Until(async () => await Knows(world, [.. carts.Select(of => of[^1])], "ring twice"), world);

        await new PacedShoppers("warm", world, carts, time).Shop(Rate, WarmUp, browses: true);
        var before = await Sums(world, carts);
        var shoppers = new PacedShoppers("steady", world, carts, time);
        await Steady(world, shoppers);
        await CutOff(world, shoppers, before);
        return _readings;
    }

    private async Task Steady(WanWorld world, PacedShoppers shoppers)
    {
        using var over = new CancellationTokenSource();
        var late = new ConcurrentBag<TimeSpan>();
        var watching = Task.WhenAll(Enumerable.Range(0, world.Clients.Count).Select(region => Task.Run(() => Watch(world, region, late, over.Token))));
        await shoppers.Shop(Rate, steady, browses: true);
        await over.CancelAsync();
        await watching;
        for (var region = 0; region < world.Clients.Count; region++)
            _readings.Add($"p99 of requests in {WanWorld.Regions[region]}, 500 a second in all", $"p99_{Name(region)}", Readings.Percentile(shoppers.TookIn(region), 99), 50);
        _readings.Add("convergence after a write beyond the one-way delay, median", "convergence_median", Readings.Percentile(late, 50), 50);
        _readings.Add("the same, p99", "convergence_p99", Readings.Percentile(late, 99), 250);
    }

    /// <summary>Writes in one region, over and over, and sees when each of the others has it.</summary>
    private async Task Watch(WanWorld world, int from, ConcurrentBag<TimeSpan> late, CancellationToken over)
    {
        var cart = (await world.Clients[from].NewCart("watched"))!;
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            var note = $"n-{number}";
            if (!await world.Clients[from].Note(cart, note))
                continue;
            var written = time.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, world.Clients.Count).Where(to => to != from).Select(async to =>
            {
                var oneWay = WanWorld.OneWay(from, to);
                await Task.Delay(oneWay, time, CancellationToken.None);
                while (await world.Clients[to].NoteOf(cart) != note && time.GetElapsedTime(written) < Patience)
                    await Task.Delay(Look, time, CancellationToken.None);
                late.Add(time.GetElapsedTime(written) - oneWay);
            }));
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, CancellationToken.None);
        }
    }

    private async Task CutOff(WanWorld world, PacedShoppers steadyOnes, (Dictionary<string, long> Carts, long Events) before)
    {
        var carts = before.Carts.Keys.ToList();
        world.Cut(Minority, isCut: true);
        var shoppers = new PacedShoppers("cut", world, [.. world.Clients.Select(_ => carts)], time);
        // A little more than asked for: what fails is no change.
        await shoppers.Shop(changes * 1.01 / cut.TotalSeconds, cut, browses: false);
        var marks = await Task.WhenAll(Enumerable.Range(0, world.Clients.Count).Select(async region =>
        {
            var mark = carts[CartsOfAll + region];
            return await world.Clients[region].Note(mark, "last") ? mark : null;
        }));
        world.Cut(Minority, isCut: false);
        var healed = time.GetTimestamp();
        // The entries of a region are taken in order: who has its last one has all.
        await Until(async () => await Knows(world, [.. marks.OfType<string>()], "last"), world);
        var took = time.GetElapsedTime(healed);

        for (var region = 0; region < world.Clients.Count; region++)
            _readings.Add($"p99 in {WanWorld.Regions[region]} while {WanWorld.Regions[Minority]} is cut off, {changes / cut.TotalSeconds:0} changes a second in all", $"p99_cut_{Name(region)}", Readings.Percentile(shoppers.TookIn(region), 99), 50);
        _readings.Add($"all regions have all of {shoppers.Changes} changes after the link is back", "healed_ms", took.TotalMilliseconds, 5000);
        _readings.Add("requests that failed", "failed", steadyOnes.Failed + shoppers.Failed, 0, "");
        await Compare(world, before, steadyOnes, shoppers);
    }

    /// <summary>Whether every region has what was acknowledged, no less and no more; unless requests failed, of which nobody knows.</summary>
    private async Task Compare(WanWorld world, (Dictionary<string, long> Carts, long Events) before, PacedShoppers steadyOnes, PacedShoppers shoppers)
    {
        var (missing, doubled) = (0L, 0L);
        foreach (var client in world.Clients)
        {
            foreach (var (cart, was) in before.Carts)
                Count(await client.QuantityIn(cart) - was - steadyOnes.Added.GetValueOrDefault(cart) - shoppers.Added.GetValueOrDefault(cart));
            var events = before.Events + steadyOnes.Told + shoppers.Told;
            // Figures follow the events within a moment.
            var began = time.GetTimestamp();
            while (await client.Events() < events && time.GetElapsedTime(began) < TimeSpan.FromSeconds(5))
                await Task.Delay(Look, time);
            Count(await client.Events() - events);
        }
        _readings.Add("acknowledged changes that a region lacks", "missing", missing, 0, "");
        _readings.Add("changes that a region counts twice", "doubled", doubled, 0, "");

        void Count(long difference)
        {
            missing += Math.Max(0, -difference);
            doubled += Math.Max(0, difference);
        }
    }

    private static async Task<List<string>> Carts(WanWorld world, int region, int count)
    {
        var carts = new List<string>();
        while (carts.Count < count)
            carts.Add(await world.Clients[region].NewCart("regions") ?? throw new InvalidOperationException(world.Epitaph() ?? "no cart is made"));
        return carts;
    }

    /// <summary>What stands in every cart and how many events are counted, once all regions agree.</summary>
    private static async Task<(Dictionary<string, long> Carts, long Events)> Sums(WanWorld world, List<IReadOnlyList<string>> carts)
    {
        while (true)
        {
            var sums = new Dictionary<string, long>(StringComparer.Ordinal);
            var (isSame, events) = (true, await Task.WhenAll(world.Clients.Select(client => client.Events())));
            foreach (var cart in carts.SelectMany(of => of).Distinct(StringComparer.Ordinal))
            {
                var found = await Task.WhenAll(world.Clients.Select(client => client.QuantityIn(cart)));
                sums[cart] = found[0];
                isSame &= found.Distinct().Count() == 1;
            }
            if (isSame && events.Distinct().Count() == 1)
                return (sums, events[0]);
        }
    }

    private static async Task<bool> Knows(WanWorld world, IReadOnlyList<string> carts, string note)
    {
        foreach (var client in world.Clients)
            foreach (var cart in carts)
                if (await client.NoteOf(cart) != note)
                    return false;
        return true;
    }

    private async Task Until(Func<Task<bool>> holds, WanWorld world)
    {
        var began = time.GetTimestamp();
        while (!await holds())
        {
            if (world.Epitaph() is { } dead)
                throw new InvalidOperationException(dead);
            if (time.GetElapsedTime(began) > Patience)
                throw new TimeoutException("The regions do not come together.");
            await Task.Delay(Look, time);
        }
    }

    private static string Name(int region) => WanWorld.Regions[region].Split('-')[0];
}
