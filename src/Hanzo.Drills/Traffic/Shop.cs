using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hanzo.Drills.Traffic;

/// <summary>
/// What customers buy, and what the nodes say in the end that was sold. One SKU is scarce, so that a unit sold twice would show;
/// the others are enough for everybody, so that buying goes on.
/// </summary>
/// <param name="nodes">The address of every node.</param>
/// <param name="apart">Whether the nodes do not know each other: each has the stock for itself.</param>
internal sealed class Shop(ImmutableArray<string> nodes, bool apart, HttpClient client, TimeProvider time)
{
    public const string ApiKey = "development-drill";
    public const string Event = "drill.product.viewed";
    public const long Price = 1_250;

    private const int LooksAtOnce = 8;
    private const int Skus = 4;
    private const long FewUnits = 12;
    private const long ManyUnits = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The name of a customer's card: the gateway writes it down with each charge.</summary>
    public static string MethodOf(Arrival arrival) => $"pm_drill_{arrival.Number}";

    /// <summary>What lies in the carts that are bought, one unit of each: products that every node sells from its start, in one currency.</summary>
    public static ImmutableArray<(string Product, string Sku)> CartLines { get; } = [("beanie-wool", "BEANIE-WOOL-NVY"), ("coffee-house-blend", "COFFEE-HSE-250")];

    public static string SkuOf(Arrival arrival) => SkuOf(arrival.Number % Skus);

    /// <summary>Whether a cart, as a node told it, holds just what was put in.</summary>
    public static bool ShowsAll(JsonElement cart) =>
        cart.GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("product").GetString(), line.GetProperty("quantity").GetInt64()))
            .SequenceEqual(CartLines.Select(line => ((string?)line.Product, 1L)));

    /// <summary>Fills the shelves. Null when that went well, else why not.</summary>
    public async Task<string?> Fill(CancellationToken cancellation)
    {
        foreach (var node in apart ? nodes : nodes[..1])
            foreach (var (sku, units) in Shelves)
                if (await Ask(HttpMethod.Put, $"/v1/inventory/{sku}", new { on_hand = units }, [node], cancellation) is null)
                    return $"{node} takes no stock";
        return null;
    }

    /// <summary>What the nodes say of everything that customers were told.</summary>
    /// <param name="charges">How often each card was charged, as the gateway knows.</param>
    public async Task<ShopCount> Count(IReadOnlyCollection<Sample> samples, IReadOnlyDictionary<string, int> charges, CancellationToken cancellation)
    {
        var stock = new List<StockCount>();
        foreach (var (sku, units) in Shelves)
            stock.Add(await CountStock(sku, units, samples, cancellation));
        var lost = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(samples, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellation }, async (sample, token) =>
        {
            if (await Lost(sample, token) is { } what)
                lost.Enqueue(what);
        });
        return new ShopCount(
            [.. stock], [.. lost], samples.Count(sample => sample.Deed?.Kind is "order" or "checkout" or "reservation" or "payment"),
            [.. samples.Where(sample => sample.Arrival.Action.Name is "checkout" or "order" or "pay").Select(sample => new ChargeCount(sample, charges.GetValueOrDefault(MethodOf(sample.Arrival))))],
            await CountEvents(samples, cancellation));
    }

    private static string SkuOf(int number) => $"DRILL-{number}";

    /// <summary>Every SKU, with the units that there are at first.</summary>
    private static IEnumerable<(string Sku, long Units)> Shelves =>
        [.. Enumerable.Range(0, Skus).Select(number => (SkuOf(number), number == 0 ? FewUnits : ManyUnits)), .. CartLines.Select(line => (line.Sku, ManyUnits))];

    private static bool Buys(Sample sample, string sku) => sample.Arrival.Action.Name switch
    {
        "order" or "reserve" => SkuOf(sample.Arrival) == sku,
        "checkout" => CartLines.Any(line => line.Sku == sku),
        _ => false,
    };

    private async Task<StockCount> CountStock(string sku, long units, IReadOnlyCollection<Sample> samples, CancellationToken cancellation)
    {
        var buying = samples.Where(sample => Buys(sample, sku)).ToList();
        var said = await Ask(HttpMethod.Get, $"/v1/inventory/{sku}", null, nodes, cancellation);
        return new StockCount(
            sku, units, buying.Count(sample => sample.Deed?.Kind is "order" or "checkout" or "reservation"), buying.Count,
            said?.GetProperty("on_hand").GetInt64(), said?.GetProperty("committed").GetInt64());
    }

    /// <summary>Null where what a customer was told is as it was told.</summary>
    private async Task<string?> Lost(Sample sample, CancellationToken cancellation)
    {
        var (path, expected) = sample.Deed switch
        {
            { Kind: "order" or "checkout" } order => ($"/v1/orders/{order.Id}", "confirmed"),
            { Kind: "reservation" } reservation => ($"/v1/reservations/{reservation.Id}", "committed"),
            { Kind: "payment" } payment => ($"/v1/payments/{payment.Id}", "captured"),
            _ => ("", ""),
        };
        if (path.Length == 0)
            return null;
        var said = await Ask(HttpMethod.Get, path, null, nodes, cancellation);
        var status = said?.GetProperty("status").GetString() ?? "not there";
        if (status != expected)
            return $"{path} is {status}; {sample}";
        return sample.Deed is { Cart: { } cart } && await CartLost(cart, sample.Deed.Id, said!.Value, cancellation) is { } what ? $"{what}; {sample}" : null;
    }

    /// <summary>Null where an order holds what its cart holds, in every region, and neither names another.</summary>
    private async Task<string?> CartLost(string cart, string order, JsonElement said, CancellationToken cancellation)
    {
        var bought = said.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("sku").GetString(), item.GetProperty("quantity").GetInt64()));
        if (said.GetProperty("cart").GetProperty("id").GetString() != cart || !bought.ToHashSet().SetEquals(CartLines.Select(line => ((string?)line.Sku, 1L))))
            return $"/v1/orders/{order} is not what lay in {cart}";
        foreach (var those in apart ? [nodes] : nodes.Select(node => ImmutableArray.Create(node)))
        {
            if (!await Holds(those, cart, order, cancellation))
                return $"{cart} has lost lines, or its order, at {string.Join(" and ", those)}";
        }
        return null;
    }

    /// <summary>Whether nodes come to know a cart with all its lines. It names its order, or none where its node died before it could write that.</summary>
    private async Task<bool> Holds(ImmutableArray<string> those, string cart, string order, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            if (await Ask(HttpMethod.Get, $"/v1/carts/{cart}", null, those, cancellation) is { } held && ShowsAll(held) && (!held.TryGetProperty("order", out var named) || named.GetString() == order))
                return true;
            await Task.Delay(Pause, time, cancellation);
        }
        return false;
    }

    private async Task<ImmutableArray<EventCount>> CountEvents(IReadOnlyCollection<Sample> samples, CancellationToken cancellation)
    {
        var asked = samples.Count(sample => sample.Arrival.Action.Name == "tell");
        if (asked == 0)
            return [];
        var acknowledged = samples.Count(sample => sample.Deed?.Kind == "event");
        var started = time.GetTimestamp();
        while (true)
        {
            var counts = new List<EventCount>();
            foreach (var node in nodes)
                counts.Add(new EventCount(node, acknowledged, asked, (await Ask(HttpMethod.Get, $"/v1/analytics/counters?event={Event}&bucket=all", null, [node], cancellation))?.GetProperty("data").EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetInt64())));
            if (counts.TrueForAll(count => count.Counted >= acknowledged && count.Counted == counts[0].Counted) || time.GetElapsedTime(started) > Patience)
                return [.. counts];
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>A good answer of one of some nodes; null when none gives one in time.</summary>
    private async Task<JsonElement?> Ask(HttpMethod method, string path, object? body, ImmutableArray<string> those, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var tries = 0; time.GetElapsedTime(started) < Patience; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, those[tries % those.Length] + path) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
                using var answer = await client.SendAsync(request, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
                    return json.RootElement.Clone();
                }
                if ((int)answer.StatusCode == 404 && tries >= those.Length)
                    return null;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // The next one is asked.
            }
            if (tries % those.Length == those.Length - 1)
                await Task.Delay(Pause, time, cancellation);
        }
        return null;
    }
}

/// <summary>What became of everything that customers were told was done.</summary>
/// <param name="Lost">What was acknowledged and is not so, each in words.</param>
/// <param name="Acknowledged">How many orders, reservations and payments were.</param>
internal sealed record ShopCount(ImmutableArray<StockCount> Stock, ImmutableArray<string> Lost, int Acknowledged, ImmutableArray<ChargeCount> Charges, ImmutableArray<EventCount> Events);

/// <param name="Units">There were at first.</param>
/// <param name="Acknowledged">Units that customers were told are theirs.</param>
/// <param name="Asked">Units that they ever asked for.</param>
/// <param name="OnHand">Units that nodes say are left; null where they say nothing.</param>
/// <param name="Committed">Units that nodes say are sold.</param>
internal sealed record StockCount(string Sku, long Units, int Acknowledged, int Asked, long? OnHand, long? Committed)
{
    /// <summary>Units that were sold and were not there.</summary>
    public long Oversold => Math.Max(0, Math.Max(Acknowledged, Committed ?? 0) - Units);

    /// <summary>Units that are neither sold nor left, or both; all where nodes say nothing.</summary>
    public long Adrift => OnHand is { } left && Committed is { } sold ? Math.Abs(Units - left - sold) + Math.Max(0, Acknowledged - sold) + Math.Max(0, sold - Asked) : Units;
}

/// <summary>A customer's card, and how often the gateway charged it.</summary>
internal sealed record ChargeCount(Sample Sample, int Charges)
{
    public bool IsTwice => Charges > 1;

    public bool IsMissing => Sample.Deed is not null && Charges == 0;
}

/// <param name="Counted">Null where the node does not say.</param>
internal sealed record EventCount(string Node, int Acknowledged, int Asked, long? Counted)
{
    public long Lost => Math.Max(0, Acknowledged - (Counted ?? 0));

    public long CountedTwice => Math.Max(0, (Counted ?? 0) - Asked);
}
