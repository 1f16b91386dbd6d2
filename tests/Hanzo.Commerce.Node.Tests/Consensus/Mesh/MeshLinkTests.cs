using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Testing;
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
        var link = LinkTo(other, _ =>
        {
            stopping.Cancel();
            throw new IOException("It broke.");
        });

        await link.Run(stopping.Token);
    }

    [Fact]
    public async Task A_connection_over_a_link_that_was_cut_is_given_up_for_a_new_one_whether_anything_is_sent_or_not()
    {
        // The kernel looks after it, and so it takes the time that it takes: both at once.
        await Task.WhenAll(IsGivenUp(says: false), IsGivenUp(says: true));
    }

    private static async Task IsGivenUp(bool says)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var stopping = new CancellationTokenSource();
        var link = LinkTo(other, stream => stream);
        var running = link.Run(stopping.Token);
        using var first = await other.AcceptSocketAsync();
        var hello = new ArrayBufferWriter<byte>();
        MessageCodec.Write(hello, MessageKind.Hello, new Hello("test", 1, "b@1", "eu-west", []).Encode());
        await first.SendAsync(hello.WrittenMemory);
        await Eventually.Holds("they have met", () => link.PeerId == "b@1");

        CutLink.Before(first);
        if (says)
            link.Send(0, "b@1", new TimeoutNow(Term: 1));
            link.Flush();
        var began = TimeProvider.System.GetTimestamp();
        using var second = await other.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(30));

        // Not at once, which would have been for another reason.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
        Assert.Null(link.PeerId);
        await stopping.CancelAsync();
        await running;
    }

    private static MeshLink LinkTo(TcpListener other, Func<Stream, Stream> secure)
    {
        var options = new MeshOptions
        {
            Self = () => new Hello("test", 1, "a@1", "us-east", []),
            Peers = [new Peer("b", new Uri($"http://{other.LocalEndpoint}"))],
            Secure = (stream, _, _) => new(secure(stream)),
        };
        return new MeshLink(options.Peers.Single(), options, new Nobody(), TimeProvider.System, NullLogger.Instance);
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
