using System.Net;
using System.Net.Sockets;
using DnsClient;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Probing;

/// <summary>
/// Probes a name server: one question over UDP, and over TCP where the answer is cut. Good is NOERROR with a record of the
/// type asked for; a name server that is up and has lost its zone is of no use. REFUSED is an explicit no. Limits: a DNS
/// probe has no handshake, so it tells no round-trip time.
/// </summary>
internal sealed class DnsProber : IProber
{
    public async Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(endpoint.Address.IdnHost, cancellation).ConfigureAwait(false);
            var settings = new LookupClientOptions(new IPEndPoint(addresses[0], endpoint.Address.Port)) { UseCache = false, Retries = 0, ThrowDnsErrors = false, Timeout = options.Timeout, Recursion = false };
            var answer = await new LookupClient(settings).QueryAsync(options.DnsName, Enum.Parse<QueryType>(options.DnsType), cancellationToken: cancellation).ConfigureAwait(false);
            return Judge(answer, options);
        }
        catch (DnsResponseException e)
        {
            return ProbeOutcome.Failed(e.InnerException is SocketException ? ProbeResult.Connect : e.Code == DnsResponseCode.ConnectionTimeout ? ProbeResult.Timeout : ProbeResult.Broken, e.Message);
        }
        catch (SocketException e)
        {
            return ProbeOutcome.Failed(ProbeResult.Connect, e.Message);
        }
    }

    private static ProbeOutcome Judge(IDnsQueryResponse answer, ProbeOptions options) => answer.Header.ResponseCode switch
    {
        DnsHeaderResponseCode.NoError when answer.Answers.Any(record => record.RecordType.ToString() == options.DnsType) => ProbeOutcome.Good(StateClasses.All),
        DnsHeaderResponseCode.NoError => ProbeOutcome.Failed(ProbeResult.Body, $"no {options.DnsType} record of {options.DnsName}"),
        DnsHeaderResponseCode.Refused => ProbeOutcome.Failed(ProbeResult.Refused, "REFUSED"),
        var code => ProbeOutcome.Failed(ProbeResult.Status, code.ToString()),
    };
}
