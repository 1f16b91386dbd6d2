using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>
/// SIGTERM and SIGINT end the node in two steps: readiness says no while it goes on serving, then it stops taking
/// connections and finishes what is under way. A second signal ends it at once with exit code 1.
/// </summary>
internal sealed class SignalLifetime(
    NodeOptions options,
    Readiness readiness,
    IHostApplicationLifetime application,
    TimeProvider time,
    ProcessEnd end,
    ILogger<SignalLifetime> log) : IHostLifetime, IDisposable
{
    private readonly List<IDisposable> _held = [];
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var held in _held)
            held.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            log.Forced(signal.Signal);
            end.Now(1);
        }
        readiness.Drain();
        log.Draining(signal.Signal, options.Announce, options.DrainTimeout);
        _held.Add(time.CreateTimer(_ => application.StopApplication(), null, options.Announce, Timeout.InfiniteTimeSpan));
    }
}
