using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Peers.Consensus;

/// <summary>Reserves one unit of a SKU of its own choice through a commerce node, over HTTP/1.1, each under a new key.</summary>
/// <param name="client">Its number, in keys.</param>
/// <param name="skus">Which it takes from, each with plenty.</param>
internal sealed class Reservations(Uri node, string apiKey, int client, IReadOnlyList<string> skus, Random random) : IConnection
{
    private const int LargestAnswer = 64 * 1024;
    private const int HeadRoom = 4096;

    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly string _run = Guid.NewGuid().ToString("n");
    private readonly byte[] _buffer = new byte[LargestAnswer + HeadRoom];
    private Socket? _socket;
    private int _number;

    /// <summary>The status and head of the last answer that was no 201, for a person.</summary>
    public string LastRefusal { get; private set; } = "";

    public async Task<bool> Next()
    {
        var sku = skus[random.Next(skus.Count)];
        var status = await Send("POST", "/v1/reservations", $$"""{"items":[{"sku":"{{sku}}","quantity":1}],"expires_in":86400}""", $"{_run}-{client}-{_number++}");
        return status == 201;
    }

    /// <summary>Puts plenty of a SKU.</summary>
    public async Task<bool> Stock(string sku) => await Send("PUT", $"/v1/inventory/{sku}", """{"on_hand":1000000000}""", null) is 200 or 201;

    public void Dispose() => _socket?.Dispose();

    private async Task<int> Send(string method, string path, string body, string? key)
    {
        var request = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{method} {path} HTTP/1.1\r\nHost: {node.Authority}\r\nAuthorization: Bearer {apiKey}\r\n{(key is null ? "" : $"Idempotency-Key: {key}\r\n")}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        try
        {
            _socket ??= await Connect();
            await _socket.SendAsync(request);
            return await ReadAnswer(_socket);
        }
        catch (Exception lost) when (lost is SocketException or IOException)
        {
            LastRefusal = lost.Message;
            _socket?.Dispose();
            _socket = null;
            return 0;
        }
    }

    private async Task<Socket> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(node.Host), node.Port);
        return socket;
    }

    /// <summary>Reads one answer, whose length the node always tells.</summary>
    private async Task<int> ReadAnswer(Socket socket)
    {
        var (filled, head) = (0, -1);
        while (head < 0)
        {
            filled += await Receive(socket, filled);
            head = _buffer.AsSpan(0, filled).IndexOf(EndOfHead);
        }
        var text = Encoding.ASCII.GetString(_buffer, 0, head);
        var end = head + EndOfHead.Length + LengthIn(text);
        while (filled < end)
            filled += await Receive(socket, filled);
        var status = int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (status >= 300)
            LastRefusal = Encoding.UTF8.GetString(_buffer, 0, filled);
        return status;
    }

    private async ValueTask<int> Receive(Socket socket, int at) =>
        await socket.ReceiveAsync(_buffer.AsMemory(at)) is > 0 and var received ? received : throw new IOException("the node closed the connection");

    private static int LengthIn(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        var end = head.IndexOf('\r', at);
        return int.Parse(end < 0 ? head.AsSpan(at) : head.AsSpan(at, end - at), CultureInfo.InvariantCulture);
    }
}
