using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Probes as <see cref="ProbeOptions.Kind"/> says.</summary>
internal sealed class ProberByKind(TimeProvider time) : IProber, IDisposable
{
    private readonly HttpProber http = new(time);
    private readonly TcpProber tcp = new(time);

    public Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation) =>
        options.Kind == ProbeKind.Tcp ? tcp.ProbeAsync(endpoint, options, cancellation) : http.ProbeAsync(endpoint, options, cancellation);

    public void Dispose() => http.Dispose();
}
