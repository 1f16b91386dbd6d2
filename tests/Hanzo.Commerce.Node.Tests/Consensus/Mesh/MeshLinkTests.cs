using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Commerce.Node.Tests.Consensus.Mesh;

public sealed class MeshLinkTests
{
    [Fact]
    public async Task A_connection_that_breaks_while_the_node_stops_does_not_keep_it_from_stopping_in_order()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var stopping = new CancellationTokenSource();
        var options = new MeshOptions
        {
            Self = () => new Hello("test", 1, "a@1", "us-east", []),
            Peers = [new Peer("b", new Uri($"http://{other.LocalEndpoint}"))],
            Secure = (_, _, _) =>
            {
                stopping.Cancel();
                throw new IOException("It broke.");
            },
        };
        var link = new MeshLink(options.Peers.Single(), options, new Nobody(), TimeProvider.System, NullLogger.Instance);

        await link.Run(stopping.Token);
    }

    private sealed class Nobody : IMeshReceiver
    {
        public void Met(Hello other)
        {
        }

        public void Lost(string id)
        {
        }

        public void Received(int shard, string from, Message message)
        {
        }

        public void Called(Call call, Action<CallAnswer> answer)
        {
        }

        public string PathOfArriving(int shard) => "";

        public void Arrived(int shard, string from, long term, string path)
        {
        }
    }
}
