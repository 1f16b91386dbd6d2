using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Opens connections to other nodes.</summary>
internal static class MeshDialer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private const int MaxHello = 64 << 10;

    /// <summary>Seconds without a word after which the system asks whether a connection lives, and again so often.</summary>
    private const int KeepAliveSeconds = 1;
    private const int KeepAliveCount = 3;

    /// <summary>Milliseconds after which what the other side did not acknowledge ends a connection (RFC 5482). Linux's names for it.</summary>
    private const int UserTimeout = 4_000;
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    public static async Task<Stream> Connect(Peer peer, MeshOptions options, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            GiveUpWhenCut(socket);
            await socket.ConnectAsync(peer.Url.DnsSafeHost, peer.Url.Port, late.Token);
            return await options.Secure(new NetworkStream(socket, ownsSocket: true), peer, late.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"no connection to {peer.Url} within {Patience.TotalSeconds} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A connection over a link that was cut is given up. Else it would stay in use after the link is back, until its kernel
    /// sends again: after as long as the cut lasted, while a new connection takes a round trip. Who listens would keep it for ever.
    /// </summary>
    public static void GiveUpWhenCut(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveCount);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UserTimeout));
    }

    /// <summary>Says who this node is and hears who the other is.</summary>
    /// <exception cref="IOException">It is no node, or one of the two does not want the other; the message says why.</exception>
    public static async Task<Hello> Greet(Stream stream, Hello self, Peer peer, MeshOptions options, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        var greeting = new ArrayBufferWriter<byte>();
        greeting.Write(MessageCodec.Preface);
        MessageCodec.Write(greeting, MessageKind.Hello, self.Encode());
        await stream.WriteAsync(greeting.WrittenMemory, late.Token);

        var head = new byte[MessageCodec.HeadLength];
        await stream.ReadExactlyAsync(head, late.Token);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head) - 2;
        if (head[4] != (byte)MessageKind.Hello || length is < 0 or > MaxHello)
            throw new IOException("what answers there is no node");
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, late.Token);
        var hello = Hello.Decode(content) ?? throw new IOException("what answers there is no node of this version");
        return (hello.Refusal ?? options.WhyNot(hello, peer.Name)) is { } refusal ? throw new IOException(refusal) : hello;
    }
}
