using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>
/// Takes the connections of other nodes out of those that come to the inner listener: they begin with a preface that no
/// HTTP begins with. One port and one set of certificates serve both.
/// </summary>
internal sealed class MeshListener(MeshOptions options, IMeshReceiver receiver, ILogger log)
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
        try
        {
            await Hear(connection, input, ends.Token);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
        }
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

    private async Task Hear(ConnectionContext connection, PipeReader input, CancellationToken closed)
    {
        if (await Next(input, MaxHello, closed) is not { Kind: MessageKind.Hello, Content: var content } || Hello.Decode(content) is not { } hello)
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
        while (await Next(input, MessageCodec.MaxLength, closed) is var (kind, shard, frame))
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
            else if (shard < hello.Shards && MessageCodec.Read(kind, frame) is { } message)
                receiver.Received(shard, hello.Id, message);
            else
                throw new IOException("a frame cannot be read");
        }
    }

    private static async ValueTask<(MessageKind Kind, int Shard, byte[] Content)?> Next(PipeReader input, int maxLength, CancellationToken closed)
    {
        while (true)
        {
            var read = await input.ReadAsync(closed);
            if (TryTake(read.Buffer, maxLength, out var frame, out var consumed))
            {
                input.AdvanceTo(consumed);
                return frame;
            }
            if (read.IsCompleted)
                return null;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> from, int maxLength, out (MessageKind, int, byte[]) frame, out SequencePosition consumed)
    {
        (frame, consumed) = (default, default);
        if (from.Length < MessageCodec.HeadLength)
            return false;
        Span<byte> head = stackalloc byte[MessageCodec.HeadLength];
        from.Slice(0, MessageCodec.HeadLength).CopyTo(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head) - 2;
        if (length < 0 || length > maxLength)
            throw new IOException($"a frame of {length} octets is too long");
        if (from.Length < MessageCodec.HeadLength + length)
            return false;
        frame = ((MessageKind)head[4], head[5], from.Slice(MessageCodec.HeadLength, length).ToArray());
        consumed = from.GetPosition(MessageCodec.HeadLength + length);
        return true;
    }
}
