using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Commerce.Node.Tests.Consensus.Mesh;

public sealed class MeshListenerTests
{
    private static readonly MeshOptions Options = new()
    {
        Self = () => new Hello("test", 1, "a@1", "us-east", ["a@1", "b@1"]),
        Peers = [new Peer("b", new Uri("http://127.0.0.1:1"))],
        Secure = (stream, _, _) => ValueTask.FromResult(stream),
    };

    [Theory]
    [InlineData("a@1 b@1", 2)]
    [InlineData("b@1 c@1", 1)]
    public async Task Who_turns_out_to_be_of_another_founding_is_not_heard_any_more(string founders, int met)
    {
        var (received, sent, heard) = (new Pipe(), new Pipe(), new Hearing());
        var connection = new DefaultConnectionContext("test", new Transport(received.Reader, sent.Writer), new Transport(sent.Reader, received.Writer));
        received.Writer.Write(MessageCodec.Preface);
        // It does not know yet with whom its cluster began.
        Say([]);
        Say(founders.Split(' '));
        MessageCodec.Write(received.Writer, 0, new TimeoutNow(Term: 1));
        await received.Writer.CompleteAsync();

        Assert.True(await new MeshListener(Options, heard, TimeProvider.System, NullLogger.Instance).Serve(connection));

        Assert.Equal(met, heard.Met.Count);
        Assert.Equal(met - 1, heard.Messages);

        void Say(string[] founders) => MessageCodec.Write(received.Writer, MessageKind.Hello, new Hello("test", 1, "b@1", "eu-west", [.. founders]).Encode());
    }

    [Fact]
    public async Task A_connection_whose_other_end_fell_silent_does_not_stay_for_ever()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await other.ConnectAsync(listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();
        await using var stream = new NetworkStream(accepted);
        var connection = new DefaultConnectionContext("test", new Transport(PipeReader.Create(stream), PipeWriter.Create(stream)), new Transport(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null)));
        connection.Features.Set<IConnectionSocketFeature>(new Accepted(accepted));
        var (hello, heard) = (new ArrayBufferWriter<byte>(), new Hearing());
        hello.Write(MessageCodec.Preface);
        MessageCodec.Write(hello, MessageKind.Hello, new Hello("test", 1, "b@1", "eu-west", []).Encode());
        await other.SendAsync(hello.WrittenMemory);
        var serving = new MeshListener(Options, heard, TimeProvider.System, NullLogger.Instance).Serve(connection);
        await Eventually.Holds("they have met", () => heard.Met.Count == 1);

        CutLink.Before(other);

        Assert.True(await serving.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("other", 1, "b@1", "a node of the cluster other answers, and this one is of the cluster test")]
    [InlineData("test", 2, "b@1", "b splits its state into 2 shards, and this node into 1")]
    [InlineData("test", 1, "c@1", "c is no peer of a")]
    public async Task Who_is_of_another_cluster_or_no_peer_is_told_why_and_not_heard(string cluster, int shards, string id, string refusal)
    {
        var (received, sent, heard) = (new Pipe(), new Pipe(), new Hearing());
        var connection = new DefaultConnectionContext("test", new Transport(received.Reader, sent.Writer), new Transport(sent.Reader, received.Writer));
        received.Writer.Write(MessageCodec.Preface);
        MessageCodec.Write(received.Writer, MessageKind.Hello, new Hello(cluster, shards, id, "eu-west", []).Encode());
        MessageCodec.Write(received.Writer, 0, new TimeoutNow(Term: 1));
        await received.Writer.CompleteAsync();

        Assert.True(await new MeshListener(Options, heard, TimeProvider.System, NullLogger.Instance).Serve(connection));
        await sent.Writer.CompleteAsync();

        Assert.Empty(heard.Met);
        Assert.Equal(0, heard.Messages);
        var (_, _, answer) = (await FrameReading.Next(sent.Reader, 1 << 16, CancellationToken.None))!.Value;
        Assert.Equal(refusal, Hello.Decode(answer)!.Refusal);
    }

    private sealed record Accepted(Socket Socket) : IConnectionSocketFeature;

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Hearing : IMeshReceiver
    {
        public List<Hello> Met { get; } = [];

        public int Messages { get; private set; }

        void IMeshReceiver.Met(Hello other) => Met.Add(other);

        public void Lost(string id)
        {
        }

        public void Received(int shard, string from, Message message) => Messages++;

        public void Called(Call call, Action<CallAnswer> answer)
        {
        }

        public string PathOfArriving(int shard) => "";

        public void Arrived(int shard, string from, long term, string path)
        {
        }
    }
}
