using System.Net;
using DnsClient;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>An unbound between clients and name servers, as resolvers stand there: it keeps answers for their TTL and no longer.</summary>
internal sealed class CachingResolver : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-unbound-");
    private readonly RunningProgram _unbound;

    private CachingResolver(int port, string zone, IEnumerable<int> servers)
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
              module-config: "iterator"
              do-not-query-localhost: no
              local-zone: "test." nodefault
            remote-control:
              control-enable: no
            stub-zone:
              name: "{zone}"
            {string.Join('\n', servers.Select(server => $"  stub-addr: 127.0.0.1@{server}"))}
            """);
        // Debian keeps it where the path of a user who is not root does not lead.
        _unbound = RunningProgram.Start("/bin/sh", ["-c", $"PATH=$PATH:/usr/sbin exec unbound -d -c {configuration}"]);
        Client = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, port)) { UseCache = false, Timeout = TimeSpan.FromSeconds(2) });
    }

    /// <summary>Asks it, and keeps nothing itself.</summary>
    public LookupClient Client { get; }

    /// <summary>Starts one that asks <paramref name="servers"/>, ports on this machine, for <paramref name="zone"/>.</summary>
    public static async Task<CachingResolver> Start(string zone, params IReadOnlyCollection<int> servers)
    {
        var resolver = new CachingResolver(ReservedPorts.Take(), zone, servers);
        await resolver._unbound.Says("start of service");
        return resolver;
    }

    public async ValueTask DisposeAsync()
    {
        await _unbound.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
