using System.Runtime.InteropServices;

namespace Hanzo.Edge.Cli;

/// <summary>The signals of a running edge: the first SIGTERM or SIGINT stops, a second forces, SIGHUP reloads.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource force = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Listens from now on.</summary>
    /// <param name="reload">What SIGHUP does.</param>
    public StopSignals(Action reload)
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                reload();
            }),
        ];
    }

    /// <summary>Cancelled by the first signal to stop.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Force => force.Token;

    /// <summary>Completes at the first signal to stop.</summary>
    public Task Stopped => stopped.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
        force.Dispose();
    }

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (stopped.TrySetResult()) stop.Cancel();
        else force.Cancel();
    }
}
