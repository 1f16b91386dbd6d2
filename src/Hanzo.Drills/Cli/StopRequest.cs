using System.Runtime.InteropServices;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary>Ctrl-C, SIGTERM, a closed terminal or a dead <c>dotnet run</c>: the first asks to stop, a second one stops at once.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private Action _force = () => { };

    public StopRequest(TimeProvider time)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
        _ = ParentWatch.Gone(time, _source.Token).ContinueWith(
            _ => _source.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What a second signal does.</summary>
    public void OnSecond(Action force) => _force = force;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Cancel();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_source.IsCancellationRequested)
            _force();
        else
            _source.Cancel();
    }
}
