using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Json;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Torture;

/// <summary>
/// Customers who put one unit after the other into carts, each at a node of its own that may be dead, and note what was
/// acknowledged. Carts are written at one node and told to the others later, so whoever acknowledges what is not on its disk
/// loses it with its power.
/// </summary>
internal sealed class CartFilling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ConvergedWithin = TimeSpan.FromSeconds(60);

    private readonly ImmutableArray<string> _nodes;
    private readonly Carts _carts;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(int Number, bool Well)> _asked = [];
    private int _last = -1;

    private CartFilling(ImmutableArray<string> nodes, Carts carts, HttpClient client, TimeProvider time) => (_nodes, _carts, _client, _time) = (nodes, carts, client, time);

    /// <summary>Additions that were acknowledged.</summary>
    public int Acknowledged => _asked.Count(addition => addition.Well);

    /// <summary>Makes carts for as many additions as there can be; null when not every node comes to know them.</summary>
    public static async Task<CartFilling?> Make(ImmutableArray<string> nodes, TimeSpan lasts, HttpClient client, TimeProvider time, CancellationToken cancellation) =>
        await Carts.Make(nodes, nodes.Length * (int)Math.Ceiling(lasts / Pause), client, time, cancellation) is { } carts ? new CartFilling(nodes, carts, client, time) : null;

    /// <summary>Fills them for a time.</summary>
    public Task Fill(TimeSpan lasts, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        return Task.WhenAll(_nodes.Select(async node =>
        {
            while (_time.GetElapsedTime(began) < lasts)
            {
                var number = Interlocked.Increment(ref _last);
                _asked.Enqueue((number, await IsAcknowledged(node, number, cancellation)));
                await Task.Delay(Pause, _time, cancellation);
            }
        }));
    }

    /// <summary>Waits until all nodes say the same of every cart, and compares that with what was acknowledged and asked for.</summary>
    /// <returns>Null where nothing is lost or there twice, else what.</returns>
    public async Task<string?> WhyNot(CancellationToken cancellation)
    {
        if (await _carts.Converge(ConvergedWithin, cancellation) is null)
            return $"the nodes still say different things of carts after {ConvergedWithin.TotalSeconds:0} s";
        var bad = (await _carts.Count(_asked, cancellation)).Where(count => count.Lost > 0 || count.CountedTwice > 0).ToList();
        return bad.Count == 0 ? null : string.Join('\n', bad.Select(count => $"{count.Cart} at {count.Node}: {count.Acknowledged} units acknowledged, {count.Asked} asked for, {count.Held} there"));
    }

    private async Task<bool> IsAcknowledged(string node, int number, CancellationToken cancellation)
    {
        var addition = _carts.Addition(number);
        using var request = new HttpRequestMessage(addition.Method, node + addition.Path) { Content = JsonContent.Create(addition.Body), Headers = { { "Idempotency-Key", addition.Key } } };
        try
        {
            using var answer = await _client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
