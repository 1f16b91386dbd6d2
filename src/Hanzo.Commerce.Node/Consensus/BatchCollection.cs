using System.Runtime;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Garbage is collected for throughput, in pauses, until this is disposed of.</summary>
internal sealed class BatchCollection : IDisposable
{
    private readonly GCLatencyMode _before = GCSettings.LatencyMode;

    public BatchCollection() => GCSettings.LatencyMode = GCLatencyMode.Batch;

    public void Dispose() => GCSettings.LatencyMode = _before;
}
