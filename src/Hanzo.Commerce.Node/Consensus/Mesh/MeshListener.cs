using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>
/// Takes the connections of other nodes out of those that come to the inner listener: they begin with a preface that no
/// HTTP begins with. One port and one set of certificates serve both.
/// </summary>
internal sealed class MeshListener(MeshOptions options, IMeshReceiver receiver, TimeProvider time, ILogger log)
{
    private const int MaxHello = 64 << 10;

    /// <summary>Serves a connection that is one of the mesh; false where HTTP has to go on with it.</summary>
    public async Task<bool> Serve(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (!await IsMesh(input, connection.ConnectionClosed))
            return false;
        // A listener that stops waits for its connections; these have no end of their own.
        var stops = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stops);
        var desk = new CallDesk(receiver);
        var answering = desk.Send(connection.Transport.Output, connection.ConnectionClosed);
        try
        {
            if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
                MeshDialer.GiveUpWhenCut(socket);
            await Hear(connection, input, desk, ends.Token);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
        }
        await desk.Finish(time, connection.ConnectionClosed);
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private static async Task<bool> IsMesh(PipeReader input, CancellationToken closed)
    {
        while (true)
        {
            var read = await input.ReadAsync(closed);
            var begin = new byte[Math.Min(read.Buffer.Length, MessageCodec.Preface.Length)];
            read.Buffer.Slice(0, begin.Length).CopyTo(begin);
            if (!MessageCodec.Preface.StartsWith(begin) || read.IsCompleted && begin.Length < MessageCodec.Preface.Length)
            {
                input.AdvanceTo(read.Buffer.Start);
                return false;
            }
            if (begin.Length == MessageCodec.Preface.Length)
            {
                input.AdvanceTo(read.Buffer.GetPosition(begin.Length));
                return true;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task Hear(ConnectionContext connection, PipeReader input, CallDesk desk, CancellationToken closed)
    {
        if (await FrameReading.Next(input, MaxHello, closed) is not { Kind: MessageKind.Hello, Content: var content } || Hello.Decode(content) is not { } hello)
        {
            log.Refused($"{connection.RemoteEndPoint}", "it does not say who it is");
            return;
        }
        var refusal = options.WhyNot(hello, expected: null);
        MessageCodec.Write(connection.Transport.Output, MessageKind.Hello, (options.Self() with { Refusal = refusal }).Encode());
        await connection.Transport.Output.FlushAsync(closed);
        if (refusal is not null)
        {
            log.Refused($"{connection.RemoteEndPoint}", refusal);
            return;
        }
        receiver.Met(hello);
        while (await FrameReading.Next(input, MessageCodec.MaxLength, closed) is var (kind, shard, frame))
        {
            if (kind == MessageKind.Hello && Hello.Decode(frame) is { } again && again.Id == hello.Id)
            {
                // It knows its founders now, and they may be others than this node's. Broken off, it is told why when it comes again.
                if (options.WhyNot(again, expected: null) is { } parted)
                {
                    log.Refused($"{connection.RemoteEndPoint}", parted);
                    return;
                }
                receiver.Met(again);
            }
            else if (kind == MessageKind.Snapshot)
                await SnapshotTransfer.Receive(input, shard, hello.Id, frame, receiver, closed);
            else if (kind is MessageKind.Command or MessageKind.Question && shard < hello.Shards && !hello.Founders.IsEmpty && CallCodec.Read(kind, shard, frame) is { } call)
                desk.Take(call);
            else if (shard < hello.Shards && MessageCodec.Read(kind, frame) is { } message)
                receiver.Received(shard, hello.Id, message);
            else
                throw new IOException("a frame cannot be read");
        }
    }
}
