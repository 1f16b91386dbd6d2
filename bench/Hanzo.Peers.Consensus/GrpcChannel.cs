using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Peers.Consensus;

/// <summary>
/// As much of gRPC over HTTP/2 (RFC 9113) as one unary method with small messages needs, so that asking etcd costs the
/// generator no more than asking a node over HTTP/1.1 does. Fields are written as literals that no table remembers, and those
/// of answers are not read: a call is done when a message came before its stream ended, and etcd sends none with an error.
/// </summary>
internal sealed class GrpcChannel : IDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, EndHeaders = 4, Acknowledge = 1;
    private const int FrameHead = 9;

    /// <summary>So large that the connection's own window is refilled only now and then.</summary>
    private const int Refill = 1 << 24;

    private readonly Socket _socket;
    private readonly byte[] _fields;
    private readonly ConcurrentDictionary<int, Waiting> _calls = [];
    private readonly Lock _sending = new();
    private readonly Task _reading;
    private int _lastStream = -1;
    private int _received;

    private GrpcChannel(Socket socket, byte[] fields)
    {
        (_socket, _fields) = (socket, fields);
        _reading = Read();
    }

    public static async Task<GrpcChannel> Connect(Uri server, string method)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port);
        using var hello = new MemoryStream();
        hello.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        WriteFrame(hello, Settings, 0, 0, [0, 4, 0x7F, 0xFF, 0xFF, 0xFF]); // streams' windows: never refilled
        WriteFrame(hello, WindowUpdate, 0, 0, Number(Refill));
        socket.Send(hello.ToArray());
        return new GrpcChannel(socket, Fields(server, method));
    }

    /// <summary>Calls the method with one message.</summary>
    /// <returns>Whether it was answered by a message.</returns>
    public async Task<bool> Call(byte[] message)
    {
        var call = new Waiting();
        using var frames = new MemoryStream(_fields.Length + message.Length + 2 * FrameHead + 5);
        lock (_sending)
        {
            var stream = _lastStream += 2;
            _calls[stream] = call;
            WriteFrame(frames, Headers, EndHeaders, stream, _fields);
            WriteFrame(frames, Data, EndStream, stream, [0, .. Number(message.Length), .. message]);
            _socket.Send(frames.GetBuffer().AsSpan(0, (int)frames.Length));
        }
        return await call.Ended.Task;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reading.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
    }

    private async Task Read()
    {
        var (buffer, filled) = (new byte[1 << 16], 0);
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var at = 0;
                while (filled - at >= FrameHead && FrameLength(buffer, at) is var length && filled - at >= FrameHead + length)
                {
                    Take(buffer[at + 3], buffer[at + 4], BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + 5)) & int.MaxValue, buffer.AsSpan(at + FrameHead, length));
                    at += FrameHead + length;
                }
                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
        finally
        {
            foreach (var call in _calls.Values)
                call.Ended.TrySetResult(false);
        }
    }

    private void Take(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Settings when (flags & Acknowledge) == 0:
                Send(Settings, Acknowledge, []);
                return;
            case Ping when (flags & Acknowledge) == 0:
                Send(Ping, Acknowledge, payload);
                return;
            case GoAway:
                throw new IOException("the server ended the connection");
            case Data:
                if ((_received += payload.Length) >= Refill / 2)
                {
                    Send(WindowUpdate, 0, Number(_received));
                    _received = 0;
                }
                if (_calls.TryGetValue(stream, out var call))
                    call.Answered |= payload.Length > 0;
                break;
        }
        if ((type == Reset || (type is Data or Headers && (flags & EndStream) != 0)) && _calls.TryRemove(stream, out var ended))
            ended.Ended.TrySetResult(type != Reset && ended.Answered);
    }

    private void Send(byte type, byte flags, ReadOnlySpan<byte> payload)
    {
        using var frame = new MemoryStream();
        WriteFrame(frame, type, flags, 0, payload);
        lock (_sending)
            _socket.Send(frame.GetBuffer().AsSpan(0, (int)frame.Length));
    }

    private static int FrameLength(byte[] buffer, int at) => buffer[at] << 16 | buffer[at + 1] << 8 | buffer[at + 2];

    private static void WriteFrame(MemoryStream to, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        to.Write([(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags]);
        to.Write(Number(stream));
        to.Write(payload);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The fields of every request, as HPACK literals without indexing (RFC 7541 section 6.2.2).</summary>
    private static byte[] Fields(Uri server, string method)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in new[] { (":method", "POST"), (":scheme", "http"), (":path", method), (":authority", server.Authority), ("content-type", "application/grpc"), ("te", "trailers") })
        {
            block.WriteByte(0);
            foreach (var text in new[] { name, value })
            {
                block.WriteByte((byte)text.Length);
                block.Write(Encoding.ASCII.GetBytes(text));
            }
        }
        return block.ToArray();
    }

    private sealed class Waiting
    {
        public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Answered { get; set; }
    }
}
