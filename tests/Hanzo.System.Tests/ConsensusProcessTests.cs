using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

[Collection(Lanes.Edges)]
public sealed class ConsensusProcessTests
{
    private const string Reservation = """{"items":[{"sku":"MUG","quantity":2}]}""";

    /// <summary>demo/MUG lies in this shard of four.</summary>
    private const int Shard = 2;

    [Fact]
    public async Task Whoever_dies_a_request_that_is_sent_again_elsewhere_gets_the_same_answer()
    {
        await using var trio = await NodeTrio.Start();
        await trio.Stock(10, "MUG");
        var first = await trio.Answered(1, "/v1/reservations", Reservation, "once");
        Assert.Equal(201, first.Status);

        var leader = await trio.LeaderOf(Shard, seenBy: 0);
        await trio.Kill(leader);
        var died = TimeProvider.System.GetTimestamp();
        var again = await trio.Post((leader + 1) % 3, "/v1/reservations", Reservation, "once");
        Assert.Equal(first, again);
        Assert.InRange(TimeProvider.System.GetElapsedTime(died), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Contains("\"held\":2", (await trio.Get((leader + 2) % 3, "/v1/inventory/MUG")).Body, StringComparison.Ordinal);

        // All at once, and what was acknowledged is still there.
        await trio.Kill((leader + 1) % 3);
        await trio.Kill((leader + 2) % 3);
        for (var node = 0; node < 3; node++)
            trio.StartNode(node);
        await trio.AreLed();
        Assert.Equal(first, await trio.Answered(0, "/v1/reservations", Reservation, "once"));
        Assert.Contains("\"held\":2", (await trio.Get(2, "/v1/inventory/MUG")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_a_majority_says_so_and_one_whose_disk_was_wiped_is_taken_in_again()
    {
        await using var trio = await NodeTrio.Start(isSecure: true);
        await trio.Stock(10, "MUG");
        Assert.Equal((true, false), (await AnswersWith(trio, certificateOf: 1), await AnswersWith(trio, certificateOf: null)));
        var id = (await trio.Cluster(2)).GetProperty("id").GetString();

        await trio.Kill(2);
        Directory.Delete(trio.DirectoryOf(2), recursive: true);
        trio.StartNode(2);
        await trio.Holds("the wiped node votes again, by another id", async () =>
        {
            var leader = await trio.LeaderOf(Shard, seenBy: 0);
            return (await trio.Cluster(leader)).GetProperty("shards")[Shard].GetProperty("members").EnumerateArray()
                .Any(member => member.GetProperty("name").GetString() == "us" && member.GetProperty("voter").GetBoolean() && member.GetProperty("id").GetString() != id);
        });
        await trio.AreLed();
        Assert.Contains("\"on_hand\":10", (await trio.Get(2, "/v1/inventory/MUG")).Body, StringComparison.Ordinal);

        await trio.Kill(0);
        await trio.Kill(1);
        await trio.Holds("alone it serves what needs no majority", async () =>
            (await trio.Get(2, "/readyz")).Body == """{"status":"ready","serves":["read","local-write"]}""");
        Assert.Equal(503, (await trio.Put(2, "/v1/inventory/CUP", """{"on_hand":1}""")).Status);
    }

    /// <summary>Whether the inner port answers in HTTP/2: with settings, once the handshake is over.</summary>
    private static async Task<bool> AnswersWith(NodeTrio trio, int? certificateOf)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", trio.InnerPortOf(0));
        await using var tls = new SslStream(connection.GetStream());
        using var certificate = certificateOf is { } node ? trio.CertificateOf(node) : null;
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "ap",
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && server.MatchesHostname("ap"),
            });
            await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray());
            await tls.ReadExactlyAsync(new byte[9]);
            return true;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
