using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Hanzo.Drills.Traffic;

/// <summary>The addresses by which a customer reaches the shop, first choice first, each with the name of its edge.</summary>
/// <param name="started">The timestamp from which arrivals count.</param>
internal delegate ValueTask<IReadOnlyList<(string Edge, string Url)>> Doors(Arrival arrival, long started, CancellationToken cancellation);

/// <summary>
/// Sends every arrival in its time, however long earlier answers take: an open loop. A customer who finds nobody at the first
/// address tries the next, as browsers do, since nothing was sent.
/// </summary>
/// <param name="carts">Null where nobody fills one.</param>
/// <param name="doors">Known beforehand, or asked for by DNS: the time that this takes is part of the customer's.</param>
internal sealed class Crowd(Doors doors, TimeProvider time, Carts? carts = null) : IDisposable
{
    /// <summary>How long a customer waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var answer = new Answer(0, null, "the name has no address", null);
        var asked = "none";
        foreach (var (edge, url) in await DoorsOf(arrival, started, either.Token))
        {
            asked = edge;
            answer = await Ask(arrival, url, either.Token);
            if (!answer.NothingSent)
                break;
        }
        if (!cancellation.IsCancellationRequested)
            _samples.Enqueue(new Sample(arrival, time.GetElapsedTime(started) - arrival.At, answer.Status, answer.Region, asked, answer.Problem, answer.RequestId));
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

    private async Task<Answer> Ask(Arrival arrival, string url, CancellationToken cancellation)
    {
        using var request = arrival.Action == ShopAction.Fill && carts is not null ? carts.Addition(arrival, url) : new HttpRequestMessage(arrival.Action.Method, url + arrival.Action.Path);
        request.Headers.Add("X-Forwarded-For", arrival.Customer.Address);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            var status = (int)response.StatusCode;
            return new Answer(status, Field(response, "Hanzo-Region"), status is >= 200 and < 400 ? null : $"status {status}", Field(response, "Request-Id"));
        }
        catch (OperationCanceledException)
        {
            return new Answer(0, null, $"no answer within {Patience.TotalSeconds:0} s", null);
        }
        catch (HttpRequestException failed)
        {
            return new Answer(0, null, Why(failed), null) { NothingSent = failed.HttpRequestError is HttpRequestError.ConnectionError };
        }
    }

    private static string Why(HttpRequestException failed) =>
        failed.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : failed.StatusCode is { } status ? $"status {(int)status}" : $"{failed.HttpRequestError}";

    private static string? Field(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private sealed record Answer(int Status, string? Region, string? Problem, string? RequestId)
    {
        public bool NothingSent { get; init; }
    }
}
