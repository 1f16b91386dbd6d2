using System.Collections.Concurrent;

namespace Hanzo.System.Tests.Support;

/// <summary>
/// Clients that reserve with a key each time, and send a request again under its key where it failed, until it is told to stop.
/// They pause in between: as fast as they can be they would take all there is from what is measured beside them.
/// </summary>
internal sealed class KeyedLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, string> _answers = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;

    /// <param name="reserve">Sends a reservation under a key once; the number of the attempt comes with it.</param>
    /// <param name="attempts">How often one request may be sent.</param>
    public KeyedLoad(int clients, int attempts, Func<string, int, Task<(int Status, string Body)>> reserve) =>
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => Shop(client, attempts, reserve)))];

    /// <summary>What each key was answered.</summary>
    public IReadOnlyDictionary<string, string> Answers => _answers;

    /// <summary>Requests that failed for good.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public async Task Goes(int further)
    {
        var aim = _answers.Count + further;
        await Hanzo.Testing.Eventually.Holds("clients reserve", () => _answers.Count >= aim || !_failures.IsEmpty);
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task Shop(int client, int attempts, Func<string, int, Task<(int Status, string Body)>> reserve)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var key = $"{client}-{i}";
            var last = "";
            for (var attempt = 0; attempt < attempts && !_answers.ContainsKey(key); attempt++)
            {
                if (attempt > 0)
                    await Task.Delay(Pause, TimeProvider.System);
                try
                {
                    var (status, body) = await reserve(key, attempt);
                    if (status == 201)
                        _answers[key] = body;
                    last = $"{status} {body}";
                }
                catch (HttpRequestException broken)
                {
                    last = broken.Message;
                }
            }
            if (!_answers.ContainsKey(key))
                _failures.Enqueue($"{key} at {TimeProvider.System.GetUtcNow():HH:mm:ss.fff}: {last}");
            await Task.Delay(Pace, TimeProvider.System);
        }
    }
}
