using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Brings a snapshot to another node over a connection of its own, so that nothing waits behind it. Frame: term (8), length (8); then the file.</summary>
internal static class SnapshotTransfer
{
    public static async Task Send(Peer peer, MeshOptions options, int shard, long term, SnapshotFile snapshot, CancellationToken cancellation)
    {
        await using var file = new FileStream(snapshot.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, useAsync: true);
        await using var stream = await MeshDialer.Connect(peer, options, cancellation);
        await MeshDialer.Greet(stream, options.Self(), peer, options, cancellation);
        var content = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(content, term);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(8), file.Length);
        var head = new ArrayBufferWriter<byte>();
        MessageCodec.Write(head, MessageKind.Snapshot, content);
        var frame = head.WrittenSpan.ToArray();
        frame[5] = (byte)shard;
        await stream.WriteAsync(frame, cancellation);
        await file.CopyToAsync(stream, cancellation);
        // The other side ends the connection when it has all of it.
        await stream.CopyToAsync(Stream.Null, cancellation);
    }

    public static async Task Receive(PipeReader input, int shard, string from, byte[] frame, IMeshReceiver receiver, CancellationToken closed)
    {
        if (frame.Length != 16)
            throw new IOException("a snapshot's frame cannot be read");
        var left = BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(8));
        var path = receiver.PathOfArriving(shard);
        try
        {
            await Keep(input, left, path, closed);
            receiver.Arrived(shard, from, BinaryPrimitives.ReadInt64LittleEndian(frame), path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        throw new IOException("all of it came");
    }

    private static async Task Keep(PipeReader input, long left, string path, CancellationToken closed)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        while (left > 0)
        {
            var read = await input.ReadAsync(closed);
            var taken = read.Buffer.Slice(0, Math.Min(left, read.Buffer.Length));
            foreach (var part in taken)
                await file.WriteAsync(part, closed);
            left -= taken.Length;
            input.AdvanceTo(taken.End);
            if (left > 0 && read.IsCompleted)
                throw new IOException("a snapshot ended early");
        }
        await SocketThread.Leave();
        file.Flush(flushToDisk: true);
    }
}
