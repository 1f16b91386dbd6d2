using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Discovery;

/// <summary>Looks one source up.</summary>
internal interface IDnsLookup
{
    /// <summary>Says what it found; what went wrong is part of that, an exception is a defect.</summary>
    Task<DnsFinding> FindAsync(DnsSource source, CancellationToken cancellation);
}

/// <summary>Asks resolvers over UDP, and over TCP where an answer is cut. Keeps nothing: the pools do, by each record's TTL.</summary>
internal sealed class DnsLookup : IDnsLookup
{
    private readonly LookupClient client;

    public DnsLookup(DiscoveryOptions options)
    {
        var settings = options.Resolvers.IsEmpty ? new LookupClientOptions() : new LookupClientOptions([.. options.Resolvers]);
        settings.UseCache = false;
        settings.Timeout = options.Timeout;
        settings.Retries = 1;
        settings.ThrowDnsErrors = false;
        settings.UseRandomNameServer = false;
        settings.ContinueOnDnsError = true;
        client = new LookupClient(settings);
    }

    public async Task<DnsFinding> FindAsync(DnsSource source, CancellationToken cancellation)
    {
        try
        {
            return source.Type == DnsSourceType.Srv ? await ServicesAsync(source, cancellation) : await HostAsync(source, cancellation);
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return DnsFinding.Failed(e.Message);
        }
    }

    private async Task<DnsFinding> HostAsync(DnsSource source, CancellationToken cancellation)
    {
        var (records, problem) = await AskAsync(source.Name, source.Type == DnsSourceType.A ? QueryType.A : QueryType.AAAA, cancellation);
        var addresses = records.OfType<AddressRecord>().ToList();
        if (addresses.Count == 0) return DnsFinding.Failed(problem ?? "there is no such record");
        return new DnsFinding([.. addresses.Select(record => Endpoint(source, record.Address, source.Port, source.Name, source.Weight, 0))], ShortestTtl(records), null);
    }

    private async Task<DnsFinding> ServicesAsync(DnsSource source, CancellationToken cancellation)
    {
        var (records, problem) = await AskAsync(source.Name, QueryType.SRV, cancellation);
        var services = records.OfType<SrvRecord>().Where(service => service.Target.Value != ".").ToList(); // "." says that there is no service (RFC 2782)
        if (services.Count == 0) return DnsFinding.Failed(problem ?? "there is no such record");

        var endpoints = ImmutableArray.CreateBuilder<RegionEndpoint>();
        var ttl = ShortestTtl(records);
        foreach (var service in services)
        {
            var (v4, problem4) = await AskAsync(service.Target.Value, QueryType.A, cancellation);
            var (v6, problem6) = await AskAsync(service.Target.Value, QueryType.AAAA, cancellation);
            List<DnsResourceRecord> found = [.. v4, .. v6];
            var addresses = found.OfType<AddressRecord>().ToList();
            // Half an answer would take endpoints away that are there: better the whole one before.
            if (addresses.Count == 0) return DnsFinding.Failed($"{service.Target.Value}: {problem4 ?? problem6 ?? "it has no address"}");
            var weight = Math.Clamp(service.Weight / addresses.Count, 1, 1000);
            endpoints.AddRange(addresses.Select(record => Endpoint(source, record.Address, service.Port, service.Target.Value.TrimEnd('.'), weight, service.Priority)));
            if (ShortestTtl(found) is var own && own < ttl) ttl = own;
        }

        return new DnsFinding([.. endpoints.DistinctBy(endpoint => endpoint.Name)], ttl, null);
    }

    private async Task<(IReadOnlyList<DnsResourceRecord> Records, string? Problem)> AskAsync(string name, QueryType type, CancellationToken cancellation)
    {
        var response = await client.QueryAsync(name, type, cancellationToken: cancellation);
        return response.HasError ? ([], response.ErrorMessage) : (response.Answers, null);
    }

    // Aliases on the way count: the chain is as good as its weakest link.
    private static TimeSpan ShortestTtl(IReadOnlyCollection<DnsResourceRecord> records) => TimeSpan.FromSeconds(records.Min(record => record.InitialTimeToLive));

    private static RegionEndpoint Endpoint(DnsSource source, IPAddress address, int port, string host, int weight, int priority)
    {
        var authority = new IPEndPoint(address, port).ToString();
        return new RegionEndpoint(authority, new Uri($"{source.Scheme}://{authority}"), weight) { Host = host, Priority = priority };
    }
}
