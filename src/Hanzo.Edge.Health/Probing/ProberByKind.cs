using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Probes as <see cref="ProbeOptions.Kind"/> says, on the port that <see cref="ProbeOptions.Port"/> says.</summary>
internal sealed class ProberByKind(TimeProvider time) : IProber, IDisposable
{
    private readonly HttpProber http = new(time);
    private readonly TcpProber tcp = new(time);
    private readonly DnsProber dns = new();

    public Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        IProber prober = options.Kind switch
        {
            ProbeKind.Tcp => tcp,
            ProbeKind.Dns => dns,
            _ => http,
        };
        var asked = options.Port is { } port ? endpoint with { Address = new UriBuilder(endpoint.Address) { Port = port }.Uri } : endpoint;
        return prober.ProbeAsync(asked, options, cancellation);
    }

    public void Dispose() => http.Dispose();
}
