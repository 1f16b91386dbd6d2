using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>An endpoint that says what the test says, byte for byte. Probes find it well.</summary>
internal sealed class RawEndpoint : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private int connections;
    private int requests;

    public RawEndpoint()
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Answers a request. The connection ends where it says so, or where it throws.</summary>
    public Func<RawRequest, Task> Answer { get; set; } = request => request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    /// <summary>Requests heard, probes left out.</summary>
    public int Requests => Volatile.Read(ref requests);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true) conversations.Add(ConverseAsync(await listener.AcceptSocketAsync(stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        var connection = 0;
        socket.NoDelay = true;
        using (socket)
            try
            {
                for (var count = 1; await HearAsync(socket) is { } head; count++)
                {
                    if (head.StartsWith("GET /readyz ", StringComparison.Ordinal))
                    {
                        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stopping.Token);
                        count--;
                        continue;
                    }
                    if (connection == 0) connection = Interlocked.Increment(ref connections);
                    Interlocked.Increment(ref requests);
                    var request = new RawRequest(socket, connection, count, head, stopping.Token);
                    await Answer(request);
                    if (request.IsLast) return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // the edge, or the test, is done with it
            }
    }

    private async Task<string?> HearAsync(Socket socket)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, stopping.Token);
            if (read == 0) return null;
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return head.ToString();
    }
}

/// <summary>A request that a <see cref="RawEndpoint"/> hears.</summary>
internal sealed class RawRequest(Socket socket, int connection, int count, string head, CancellationToken stopping)
{
    /// <summary>Number of its connection, from 1.</summary>
    public int Connection => connection;

    /// <summary>Its number on the connection, from 1.</summary>
    public int Count => count;

    /// <summary>As it was sent.</summary>
    public string Head => head;

    /// <summary>What is asked for.</summary>
    public string Path => head.Split(' ')[1];

    /// <summary>Whether the connection ends after it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Says <paramref name="words"/>, all at once.</summary>
    public async Task SendAsync(string words)
    {
        for (ReadOnlyMemory<byte> left = Encoding.Latin1.GetBytes(words); left.Length > 0;)
            left = left[await socket.SendAsync(left, stopping)..];
    }

    /// <summary>Says <paramref name="words"/>, each byte by itself.</summary>
    public async Task SpellAsync(string words)
    {
        foreach (var letter in words) await SendAsync(letter.ToString());
    }

    /// <summary>Ends the connection once what was said is sent.</summary>
    public void Close() => IsLast = true;

    /// <summary>Breaks the connection off.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        IsLast = true;
    }

    /// <summary>Whether the other side has ended the connection, without saying any more.</summary>
    public async Task<bool> IsLeftAsync()
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], stopping) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
