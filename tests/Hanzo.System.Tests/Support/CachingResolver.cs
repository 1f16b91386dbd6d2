using System.Net;
using DnsClient;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>An unbound between clients and name servers, as resolvers stand there: it keeps answers for their TTL and no longer.</summary>
internal sealed class CachingResolver : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-unbound-");
    private readonly RunningProgram _unbound;

    private CachingResolver(int port, string? anchor, IReadOnlyList<(string Zone, int Server)> servers)
    {
        var configuration = Path.Combine(_directory.FullName, "unbound.conf");
        File.WriteAllText(configuration, $"""
            server:
              interface: 127.0.0.1@{port}
              do-ip6: no
              do-daemonize: no
              use-syslog: no
              chroot: ""
              username: ""
              directory: "{_directory.FullName}"
              pidfile: ""
              module-config: "{(anchor is null ? "" : "validator ")}iterator"
            {(anchor is null ? "" : $"  trust-anchor: \"{anchor}\"")}
              do-not-query-localhost: no
              local-zone: "test." nodefault
            remote-control:
              control-enable: no
            {string.Join('\n', servers.GroupBy(one => one.Zone).Select(zone => $"stub-zone:\n  name: \"{zone.Key}\"\n{string.Join('\n', zone.Select(one => $"  stub-addr: 127.0.0.1@{one.Server}"))}"))}
            """);
        // Debian keeps it where the path of a user who is not root does not lead.
        _unbound = RunningProgram.Start("/bin/sh", ["-c", $"PATH=$PATH:/usr/sbin exec unbound -d -c {configuration}"]);
        Client = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, port)) { UseCache = false, RequestDnsSecRecords = anchor is not null, Timeout = TimeSpan.FromSeconds(2) });
    }

    /// <summary>Asks it, and keeps nothing itself.</summary>
    public LookupClient Client { get; }

    /// <summary>Starts one that asks for each zone at a port of this machine; with the key of a zone as <paramref name="anchor"/> it validates.</summary>
    public static async Task<CachingResolver> Start(string? anchor, params IReadOnlyList<(string Zone, int Server)> servers)
    {
        var resolver = new CachingResolver(ReservedPorts.Take(), anchor, servers);
        await resolver._unbound.Says("start of service");
        return resolver;
    }

    public async ValueTask DisposeAsync()
    {
        await _unbound.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
