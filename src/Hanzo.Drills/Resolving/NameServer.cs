using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Drills.Resolving;

/// <summary>
/// The resolver that edges find endpoints by, with the drill's own names: one IPv4 address each, kept for <see cref="Ttl"/>. It can
/// be told to fail, or that a name has another address.
/// </summary>
internal sealed class NameServer : IDisposable
{
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);

    private const byte ServerFailure = 2;
    private const byte NoSuchName = 3;
    private const int HeaderSize = 12;

    private readonly ConcurrentDictionary<string, IPAddress> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private volatile bool _fails;

    /// <summary>Whether every question is answered by SERVFAIL.</summary>
    public bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    public void Open(int port)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _ = Serve();
    }

    public void Say(string name, IPAddress address) => _addresses[name] = address;

    public void Dispose() => _socket.Dispose();

    private async Task Serve()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var asked = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsSpan(0, asked.ReceivedBytes)) is { } answer)
                    await _socket.SendToAsync(answer, asked.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    /// <summary>Null for what is no question.</summary>
    private byte[]? Answer(ReadOnlySpan<byte> message)
    {
        var name = new StringBuilder();
        var at = HeaderSize;
        for (; at < message.Length && message[at] > 0 && at + message[at] < message.Length; at += 1 + message[at])
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message.Slice(at + 1, message[at])));
        if (at + 5 > message.Length)
            return null;
        var question = message[HeaderSize..(at + 5)].ToArray();
        var isForAddress = question[^3] == 1 && question[^4] == 0;
        var address = _addresses.GetValueOrDefault($"{name}");
        var code = _fails ? ServerFailure : address is null ? NoSuchName : (byte)0;
        byte[] record = code == 0 && isForAddress ? [0xC0, HeaderSize, 0, 1, 0, 1, 0, 0, 0, (byte)Ttl.TotalSeconds, 0, 4, .. address!.GetAddressBytes()] : [];
        return [message[0], message[1], (byte)(0x84 | (message[2] & 1)), (byte)(0x80 | code), 0, 1, 0, (byte)(record.Length > 0 ? 1 : 0), 0, 0, 0, 0, .. question, .. record];
    }
}
