using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Hanzo.Drills.Traffic;

/// <summary>The addresses by which a customer reaches the shop, first choice first, each with the name of its edge.</summary>
/// <param name="started">The timestamp from which arrivals count.</param>
internal delegate ValueTask<IReadOnlyList<(string Edge, string Url)>> Doors(Arrival arrival, long started, CancellationToken cancellation);

/// <summary>
/// Sends every arrival in its time, however long earlier answers take: an open loop. A customer who finds nobody at the first
/// address tries the next, as browsers do, since nothing was sent.
/// </summary>
/// <param name="carts">Null where nobody fills one.</param>
/// <param name="errands">Null where everybody makes one request.</param>
/// <param name="doors">Known beforehand, or asked for by DNS: the time that this takes is part of the customer's.</param>
internal sealed class Crowd(Doors doors, TimeProvider time, Carts? carts = null, Errands? errands = null) : IDisposable
{
    /// <summary>How long a customer waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a customer waits, and tries again, at the till.</summary>
    public static readonly TimeSpan PatienceAtTheTill = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Sample> _samples = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What is known so far; grows while customers come.</summary>
    public IReadOnlyCollection<Sample> Samples => _samples;

    /// <summary>Completes when the last customer has an answer or has given up.</summary>
    /// <param name="started">The timestamp from which arrivals count.</param>
    public async Task Come(IReadOnlyList<Arrival> arrivals, long started, CancellationToken cancellation)
    {
        var underWay = new List<Task>(arrivals.Count);
        foreach (var arrival in arrivals)
        {
            var early = arrival.At - time.GetElapsedTime(started);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, time, cancellation);
            underWay.Add(Task.Run(() => Serve(arrival, started, cancellation), cancellation));
        }
        await Task.WhenAll(underWay);
    }

    public void Dispose() => _client.Dispose();

    private async Task Serve(Arrival arrival, long started, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(arrival.Action.State == "consensus" ? PatienceAtTheTill : Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var visit = new Visit();
        var (last, deed) = errands?.Of(arrival.Action) is { } errand
            ? await errand(arrival, request => Insist(arrival, request, visit, started, either.Token))
            : (await Ask(arrival, PlainRequest(arrival), visit, started, either.Token), null);
        if (!cancellation.IsCancellationRequested)
            _samples.Enqueue(new Sample(arrival, time.GetElapsedTime(started) - arrival.At, last.Status, last.Region, last.Edge, last.Problem, last.RequestId) { Deed = deed });
    }

    private Request PlainRequest(Arrival arrival) =>
        arrival.Action == ShopAction.Fill && carts is not null ? carts.Addition(arrival.Number) : new Request(arrival.Action.Method, arrival.Action.Path);

    /// <summary>Sends a request again, under the same key, until somebody answers it, as real clients do.</summary>
    private async Task<Reply> Insist(Arrival arrival, Request request, Visit visit, long started, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause *= 2)
        {
            var reply = await Ask(arrival, request, visit, started, cancellation);
            if (!reply.IsWorthRepeating || cancellation.IsCancellationRequested)
                return reply;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Sends a request to the first door behind which somebody is.</summary>
    private async Task<Reply> Ask(Arrival arrival, Request request, Visit visit, long started, CancellationToken cancellation)
    {
        var reply = new Reply(0, null, "none", "the name has no address", null, null, null);
        foreach (var (edge, url) in await DoorsOf(arrival, started, cancellation))
        {
            reply = await Ask(arrival, request, visit, edge, url, cancellation);
            if (!reply.NothingSent)
                break;
        }
        return reply;
    }

    private async Task<IReadOnlyList<(string Edge, string Url)>> DoorsOf(Arrival arrival, long started, CancellationToken cancellation)
    {
        try
        {
            return await doors(arrival, started, cancellation);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<Reply> Ask(Arrival arrival, Request ask, Visit visit, string edge, string url, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(ask.Method, url + ask.Path) { Content = ask.Body is null ? null : JsonContent.Create(ask.Body) };
        request.Headers.Add("X-Forwarded-For", arrival.Customer.Address);
        if (ask.Key is not null)
            request.Headers.Add("Idempotency-Key", ask.Key);
        if (visit.Session is { } session)
            request.Headers.Add("Hanzo-Session", session);
        if (arrival.Action.NeedsShop)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Shop.ApiKey);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            visit.Session = Field(response, "Hanzo-Session") ?? visit.Session;
            var status = (int)response.StatusCode;
            var body = errands is null ? null : Body(await response.Content.ReadAsStringAsync(cancellation));
            var code = status >= 400 && body?.TryGetProperty("code", out var told) == true ? told.GetString() : null;
            return new Reply(status, Field(response, "Hanzo-Region"), edge, status is >= 200 and < 400 ? null : $"status {status}{(code is null ? "" : $" {code}")}", Field(response, "Request-Id"), body, code)
            {
                SessionState = Field(response, "Hanzo-Session-State"),
            };
        }
        catch (OperationCanceledException)
        {
            return new Reply(0, null, edge, "no answer in time", null, null, null);
        }
        catch (HttpRequestException failed)
        {
            return new Reply(0, null, edge, Why(failed), null, null, null) { NothingSent = failed.HttpRequestError is HttpRequestError.ConnectionError };
        }
    }

    private static JsonElement? Body(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Why(HttpRequestException failed) =>
        failed.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : failed.StatusCode is { } status ? $"status {(int)status}" : $"{failed.HttpRequestError}";

    private static string? Field(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>What a customer takes along from one request to the next.</summary>
    private sealed class Visit
    {
        public string? Session { get; set; }
    }
}
