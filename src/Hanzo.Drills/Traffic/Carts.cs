using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hanzo.Drills.Traffic;

/// <summary>
/// The carts that customers fill together from everywhere. Every addition has a key of its own and is one unit, so that what a cart
/// must hold can be counted from outside: all that was acknowledged, and at most what was ever asked for.
/// </summary>
/// <param name="nodes">The address of every node.</param>
/// <param name="ids">The carts, filled in turn.</param>
internal sealed class Carts(ImmutableArray<string> nodes, ImmutableArray<string> ids, HttpClient client, TimeProvider time)
{
    /// <summary>A cart takes 400 separate additions at most (docs/api.md).</summary>
    private const int PerCart = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(15);

    /// <summary>Makes as many carts as additions need, and waits until every node knows them. Null when they do not.</summary>
    public static async Task<Carts?> Make(ImmutableArray<string> nodes, int additions, HttpClient client, TimeProvider time, CancellationToken cancellation)
    {
        var ids = new List<string>();
        for (var i = 0; i < (additions + PerCart - 1) / PerCart; i++)
        {
            using var made = await client.PostAsJsonAsync($"{nodes[0]}/v1/carts", new { }, cancellation);
            using var cart = JsonDocument.Parse(await made.Content.ReadAsStringAsync(cancellation));
            ids.Add(cart.RootElement.GetProperty("id").GetString()!);
        }
        var carts = new Carts(nodes, [.. ids], client, time);
        return await carts.Converge(KnownWithin, cancellation) is null ? null : carts;
    }

    /// <summary>The request by which the customer of a number puts one unit in.</summary>
    public Request Addition(int number) =>
        new(HttpMethod.Post, $"/v1/carts/{CartOf(number)}/lines", new { product = "beanie-wool", quantity = 1 }, $"drill-{number}");

    /// <summary>What every cart must and may hold, and what each node says that it holds.</summary>
    /// <param name="asked">Who asked, by number, and whether the addition was acknowledged.</param>
    public async Task<ImmutableArray<CartCount>> Count(IEnumerable<(int Number, bool Well)> asked, CancellationToken cancellation)
    {
        var additions = asked.ToLookup(addition => CartOf(addition.Number), addition => addition.Well);
        var counts = new List<CartCount>();
        foreach (var id in ids)
            foreach (var node in nodes)
                counts.Add(new CartCount(id, node, additions[id].Count(well => well), additions[id].Count(), await Quantity(node, id, cancellation)));
        return [.. counts];
    }

    /// <summary>How long until all nodes say the same of every cart; null when they still differ after <paramref name="within"/>.</summary>
    public async Task<TimeSpan?> Converge(TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < within)
        {
            if (await Agree(cancellation))
                return time.GetElapsedTime(start);
            await Task.Delay(Pause, time, cancellation);
        }
        return null;
    }

    private string CartOf(int number) => ids[number % ids.Length];

    private async Task<bool> Agree(CancellationToken cancellation)
    {
        foreach (var id in ids)
        {
            var said = new HashSet<long?>();
            foreach (var node in nodes)
                said.Add(await Quantity(node, id, cancellation));
            if (said.Count > 1 || said.Contains(null))
                return false;
        }
        return true;
    }

    /// <summary>Units in a cart as a node knows it; null where it does not know it, or does not answer.</summary>
    private async Task<long?> Quantity(string node, string id, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync($"{node}/v1/carts/{id}", cancellation);
            if (!answer.IsSuccessStatusCode)
                return null;
            using var cart = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return cart.RootElement.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64());
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <summary>A cart as one node knows it after a drill.</summary>
/// <param name="Acknowledged">Units whose addition was acknowledged.</param>
/// <param name="Asked">Units that were ever asked for.</param>
/// <param name="Held">Units in it; null where the node does not know it.</param>
internal sealed record CartCount(string Cart, string Node, int Acknowledged, int Asked, long? Held)
{
    public long Lost => Math.Max(0, Acknowledged - (Held ?? 0));

    public long CountedTwice => Math.Max(0, (Held ?? 0) - Asked);
}
