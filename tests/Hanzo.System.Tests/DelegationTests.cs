using System.Diagnostics;
using DnsClient;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>An edge's zone below a signed one, asked through a resolver that validates: docs/dns.md says how to delegate it.</summary>
public sealed class DelegationTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-delegation-");
    private readonly int _ports = ReservedPorts.Take(3);
    private RunningProgram _edge = null!;
    private RunningProgram _parent = null!;
    private CachingResolver _resolver = null!;

    public async Task InitializeAsync()
    {
        var edge = Path.Combine(_directory.FullName, "edge.yaml");
        await File.WriteAllTextAsync(edge, Edge());
        _edge = RunningProgram.Start(Repository.Edge, ["run", "--config", edge]);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "test.zone"), Parent);
        var knot = Path.Combine(_directory.FullName, "knot.conf");
        await File.WriteAllTextAsync(knot, Knot());
        _parent = RunningProgram.Start("/bin/sh", ["-c", $"PATH=$PATH:/usr/sbin exec knotd -c {knot}"]);
        await _edge.Says("serves dns://");
        var key = "";
        await Eventually.Holds("the parent is signed", async () => (key = await Dig(_ports + 2, "+short test. DNSKEY")).StartsWith("257 3 13 ", StringComparison.Ordinal));
        _resolver = await CachingResolver.Start($"test. 3600 IN DNSKEY {key.Trim()}", ("test", _ports + 2), ("edge.test", _ports + 1), ("broken.test", _ports + 1));
    }

    public async Task DisposeAsync()
    {
        await _resolver.DisposeAsync();
        await _parent.DisposeAsync();
        await _edge.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_validating_resolver_takes_the_zone_as_unsigned_because_its_parent_proves_that_it_is()
    {
        var signed = await _resolver.Client.QueryAsync(Question("www.test"));
        Assert.Equal((true, "192.0.2.80"), (signed.Header.IsAuthenticData, signed.Answers.ARecords().Single().Address.ToString()));

        var steered = await _resolver.Client.QueryAsync(Question("shop.edge.test"));
        Assert.Equal((DnsHeaderResponseCode.NoError, false), (steered.Header.ResponseCode, steered.Header.IsAuthenticData));
        Assert.Equal("203.0.113.1", steered.Answers.ARecords().Single().Address.ToString());

        // With a DS for it the same zone would be taken for forged.
        Assert.Equal(DnsHeaderResponseCode.ServerFailure, (await _resolver.Client.QueryAsync(Question("shop.broken.test"))).Header.ResponseCode);
    }

    private const string Parent = """
        $ORIGIN test.
        $TTL 3600
        @ SOA ns hostmaster 1 3600 600 604800 60
        @ NS ns
        ns A 192.0.2.53
        www A 192.0.2.80
        edge NS ns.edge
        ns.edge A 192.0.2.54
        broken NS ns.broken
        ns.broken A 192.0.2.54
        broken DS 12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
        """;

    private static DnsQuestion Question(string name) => new(name, QueryType.A);

    private static async Task<string> Dig(int port, string question)
    {
        using var dig = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"dig @127.0.0.1 -p {port} +tries=1 +time=1 {question}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var answer = await dig.StandardOutput.ReadToEndAsync();
        await dig.WaitForExitAsync();
        return answer;
    }

    private string Knot() => $"""
        server:
          listen: 127.0.0.1@{_ports + 2}
          rundir: "{_directory.FullName}"
        database:
          storage: "{_directory.FullName}"
        policy:
          - id: single
            algorithm: ecdsap256sha256
            single-type-signing: on
        zone:
          - domain: test.
            storage: "{_directory.FullName}"
            file: test.zone
            zonefile-sync: -1
            dnssec-signing: on
            dnssec-policy: single
        """;

    private string Edge() => $$"""
        version: 1
        roles: [dns]
        edge: { name: edge-0 }
        admin: { address: "127.0.0.1:{{_ports}}" }
        geo: { database: "{{EdgeWorld.OtherDatabase}}", defaultPlace: { country: US, continent: NA, location: [39.04, -77.49] } }
        regions:
          us-east: { location: [39.04, -77.49], endpoints: ["http://127.0.0.1:{{_ports}}"] }
        health: { probe: { path: /livez } }
        dns:
          listen: ["127.0.0.1:{{_ports + 1}}"]
          zones:
        {{Zone("edge.test")}}
        {{Zone("broken.test")}}
        """;

    private static string Zone(string name) => $$"""
            {{name}}:
              soa: { primary: ns, mailbox: admin }
              records: ["@ 60 NS ns", "ns 60 A 192.0.2.54"]
              steered:
                shop: { addresses: { us-east: [203.0.113.1] } }
        """;
}
