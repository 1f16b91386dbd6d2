using System.Globalization;

namespace Hanzo.Peers.Regions;

/// <summary>Makes carts of one line each, as fast as so many clients can.</summary>
internal sealed class ManyCarts(Uri node, int count, int clients, TimeProvider time)
{
    private int _next;
    private int _failed;

    /// <summary>Carts, failed requests and seconds, with tabs between.</summary>
    public async Task<string> Make()
    {
        using var http = new HttpClient { BaseAddress = node };
        var began = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => Work(new ShopClient(http, "")))));
        return string.Create(CultureInfo.InvariantCulture, $"{count - _failed}\t{_failed}\t{time.GetElapsedTime(began).TotalSeconds:0}");
    }

    private async Task Work(ShopClient client)
    {
        for (var number = Interlocked.Increment(ref _next); number <= count; number = Interlocked.Increment(ref _next))
        {
            if (await client.NewCart($"cus-{number}") is not { } cart || !await client.Add(cart, number))
                Interlocked.Increment(ref _failed);
        }
    }
}
