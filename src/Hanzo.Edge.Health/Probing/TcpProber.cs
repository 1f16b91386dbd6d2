using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Probes by connecting: says that something listens, nothing about what it would answer.</summary>
internal sealed class TcpProber : IProber
{
    public async Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint.Address.IdnHost, endpoint.Address.Port, cancellation).ConfigureAwait(false);
            return ProbeOutcome.Good(StateClasses.All);
        }
        catch (SocketException e)
        {
            return ProbeOutcome.Failed(ProbeResult.Connect, e.Message);
        }
    }
}
