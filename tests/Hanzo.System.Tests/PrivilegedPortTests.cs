using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>Port 53 of a network of its own, by a user who is not root and has the one right that config/systemd/hanzo-edge.service gives.</summary>
public sealed class PrivilegedPortTests : IDisposable
{
    private static readonly bool CanTry = Environment.UserName == "root";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-port-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task One_right_is_enough_for_it()
    {
        if (!CanTry) return;
        await using var edge = Start("--inh-caps=+net_bind_service --ambient-caps=+net_bind_service");
        await edge.Says("serves dns://127.0.0.1:53");
    }

    [Fact]
    public async Task Without_it_the_edge_says_what_it_lacks_and_where_the_port_is_named()
    {
        if (!CanTry) return;
        await using var edge = Start("--inh-caps=-all");
        Assert.NotEqual(0, await edge.Exit());
        Assert.Contains("127.0.0.1:53", edge.Output);
        Assert.Contains("dns.listen", edge.Output);
    }

    private RunningProgram Start(string rights)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repository.Edge)!)) File.Copy(file, Path.Combine(_directory.FullName, Path.GetFileName(file)));
        File.Copy(EdgeWorld.OtherDatabase, Path.Combine(_directory.FullName, "city.mmdb"));
        File.WriteAllText(Path.Combine(_directory.FullName, "edge.yaml"), Configuration);
        return RunningProgram.Start("/bin/sh", ["-c",
            $"cd {_directory.FullName} && chmod 755 . && exec unshare -n sh -c 'ip link set lo up && exec setpriv --reuid=65534 --regid=65534 --clear-groups {rights} ./hanzo-edge run --config edge.yaml'"]);
    }

    private const string Configuration = """
        version: 1
        roles: [dns]
        edge: { name: edge-0 }
        admin: { address: "127.0.0.1:8081" }
        geo: { database: city.mmdb, defaultPlace: { country: US, continent: NA, location: [39.04, -77.49] } }
        regions:
          us-east: { location: [39.04, -77.49], endpoints: ["http://127.0.0.1:8081"] }
        health: { probe: { path: /livez } }
        dns:
          listen: ["127.0.0.1:53"]
          zones:
            edge.test:
              soa: { primary: ns, mailbox: admin }
              records: ["@ 60 NS ns", "ns 60 A 192.0.2.54"]
              steered:
                shop: { addresses: { us-east: [203.0.113.1] } }
        """;
}
