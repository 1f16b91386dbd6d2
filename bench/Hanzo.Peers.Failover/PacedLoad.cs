using System.Globalization;
using System.Text;

namespace Hanzo.Peers.Failover;

/// <summary>
/// Clients with a connection each and a schedule of their own, or none: then each asks again as soon as it is answered. A
/// client that waits for an answer misses its turns meanwhile; nobody else does. Writes one line a request: when it was sent (Unix
/// time, ms), how long it took (ms), its status (0 for none), what it was (read, keyed, order), its id, and what the answer
/// says of whether it was executed.
/// </summary>
/// <param name="url">Whom they ask.</param>
/// <param name="rate">Requests per second of all clients together; 0 for as many as they can.</param>
/// <param name="clients">How many clients.</param>
/// <param name="duration">How long they come.</param>
/// <param name="orders">Whether all requests are orders without a key; else four reads come to one order with a key.</param>
internal sealed class PacedLoad(Uri url, int rate, int clients, TimeSpan duration, bool orders)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TimeProvider clock = TimeProvider.System;
    private readonly string run = Guid.NewGuid().ToString("N")[..8];

    public async Task RunAsync(string output)
    {
        var lines = await Task.WhenAll(Enumerable.Range(0, clients).Select(Client));
        await File.WriteAllLinesAsync(output, lines.SelectMany(of => of));
    }

    private async Task<List<string>> Client(int number)
    {
        var (period, phase) = rate == 0 ? default : (TimeSpan.FromSeconds((double)clients / rate), TimeSpan.FromSeconds((double)number / rate));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 }) { Timeout = Patience };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "18.175.67.94"); // London
        var lines = new List<string>();
        var (start, startedAt) = (clock.GetTimestamp(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        for (var turn = 0L; ;)
        {
            var due = rate == 0 ? clock.GetElapsedTime(start) : phase + period * turn;
            if (due >= duration) return lines;
            var early = due - clock.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early, clock);
            var sent = clock.GetElapsedTime(start);
            var kind = orders ? "order" : turn % 5 == 4 ? "keyed" : "read";
            var id = $"{run}-{number}-{turn}";
            var (status, executed) = await Send(http, kind, id);
            var took = clock.GetElapsedTime(start) - sent;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{startedAt + sent.TotalMilliseconds:0}\t{took.TotalMilliseconds:0.0}\t{status}\t{kind}\t{id}\t{executed}"));
            turn = rate == 0 ? turn + 1 : Math.Max(turn + 1, (long)Math.Ceiling((clock.GetElapsedTime(start) - phase) / period));
        }
    }

    private async Task<(int Status, string Executed)> Send(HttpClient http, string kind, string id)
    {
        using var request = new HttpRequestMessage(kind == "read" ? HttpMethod.Get : HttpMethod.Post, url);
        if (kind != "read")
        {
            request.Headers.Add("Order", id);
            request.Content = new StringContent("an order", Encoding.ASCII);
        }
        if (kind == "keyed") request.Headers.Add("Idempotency-Key", id);
        try
        {
            using var response = await http.SendAsync(request);
            return ((int)response.StatusCode, response.IsSuccessStatusCode ? "" : Executed(await response.Content.ReadAsStringAsync()));
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return (0, "");
        }
    }

    private static string Executed(string answer) =>
        answer.Contains("\"executed\":\"unknown\"", StringComparison.Ordinal) ? "unknown"
        : answer.Contains("\"executed\":\"no\"", StringComparison.Ordinal) ? "no"
        : "";
}
