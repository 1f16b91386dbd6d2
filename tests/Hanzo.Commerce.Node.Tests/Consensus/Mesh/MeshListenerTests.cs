using System.Buffers;
using System.IO.Pipelines;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Microsoft.AspNetCore.Connections;
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
