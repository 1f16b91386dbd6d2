namespace Hanzo.Commerce.Node.Serving;

/// <summary>Whether the node wants requests. It starts ready and drains at most once.</summary>
internal sealed class Readiness : IDisposable
{
    private readonly CancellationTokenSource _draining = new();

    public bool IsDraining => _draining.IsCancellationRequested;

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Draining => _draining.Token;

    public void Drain() => _draining.Cancel();

    public void Dispose() => _draining.Dispose();
}
