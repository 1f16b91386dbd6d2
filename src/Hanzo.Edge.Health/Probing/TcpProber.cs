using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Probes by connecting: says that something listens, nothing about what it would answer.</summary>
internal sealed class TcpProber(TimeProvider time) : IProber
{
    public async Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        try
        {
            var (socket, roundTrip) = await TimedConnection.OpenAsync(endpoint.Address.IdnHost, endpoint.Address.Port, time, cancellation).ConfigureAwait(false);
            socket.Dispose();
            return ProbeOutcome.Good(StateClasses.All) with { RoundTrip = roundTrip };
        }
        catch (SocketException e)
        {
            return ProbeOutcome.Failed(ProbeResult.Connect, e.Message);
        }
    }
}
