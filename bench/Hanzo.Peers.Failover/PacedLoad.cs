using System.Globalization;
using System.Text;

namespace Hanzo.Peers.Failover;

/// <summary>
/// Clients with a connection each and a schedule of their own, four GETs and then one POST with a key. A client that waits
/// for an answer misses its turns meanwhile; nobody else does. Writes one line a request: when it was sent (Unix time, ms),
/// how long it took (ms), its status (0 for none) and method.
/// </summary>
internal static class PacedLoad
{
    public static async Task RunAsync(Uri url, int rate, int clients, TimeSpan duration, string output)
    {
        var clock = TimeProvider.System;
        var lines = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Client(url, TimeSpan.FromSeconds((double)clients / rate), TimeSpan.FromSeconds((double)client / rate), duration, client, clock)));
        await File.WriteAllLinesAsync(output, lines.SelectMany(of => of));
    }

    private static async Task<List<string>> Client(Uri url, TimeSpan period, TimeSpan phase, TimeSpan duration, int number, TimeProvider clock)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 }) { Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "18.175.67.94"); // London
        var lines = new List<string>();
        var (start, startedAt) = (clock.GetTimestamp(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        for (var turn = 0L; ;)
        {
            var due = phase + period * turn;
            if (due >= duration) return lines;
            var early = due - clock.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early, clock);
            var sent = clock.GetElapsedTime(start);
            var method = turn % 5 == 4 ? HttpMethod.Post : HttpMethod.Get;
            var status = await Send(http, url, method, $"{number}-{turn}");
            var took = clock.GetElapsedTime(start) - sent;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{startedAt + sent.TotalMilliseconds:0}\t{took.TotalMilliseconds:0.0}\t{status}\t{method}"));
            turn = Math.Max(turn + 1, (long)Math.Ceiling((clock.GetElapsedTime(start) - phase) / period));
        }
    }

    private static async Task<int> Send(HttpClient http, Uri url, HttpMethod method, string key)
    {
        using var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", key);
            request.Content = new StringContent("an order", Encoding.ASCII);
        }
        try
        {
            using var response = await http.SendAsync(request);
            return (int)response.StatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }
}
