using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Drills.Faults;

/// <summary>
/// A port before a node that hands on what comes, or does not. It reads HTTP/1.1 just as far as it must: bytes that come when
/// the last request was answered begin a request, since edges do not pipeline.
/// </summary>
/// <param name="random">Chooses the requests that suffer.</param>
internal sealed class FaultyLink(int port, int target, Random random, TimeProvider time) : IAsyncDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private volatile LinkBehaviour _behaviour = LinkBehaviour.Honest;
    private readonly Dictionary<IPAddress, (Socket Listener, Task Accepting)> _open = [];
    private IReadOnlyList<IPAddress> _addresses = [IPAddress.Loopback];

    /// <summary>What it does from now on.</summary>
    public void Behave(LinkBehaviour behaviour)
    {
        _behaviour = behaviour;
        if (behaviour.Refuse)
            Close();
        else if (_open.Count == 0)
            Open();
    }

    public void Open()
    {
        foreach (var address in _addresses)
            Open(address);
    }

    /// <summary>Can be reached at one more address.</summary>
    public void AlsoAt(IPAddress address)
    {
        if (!_addresses.Contains(address))
            _addresses = [.. _addresses, address];
        if (!_open.ContainsKey(address))
            Open(address);
    }

    /// <summary>Can be reached at this address and no other; whoever is connected elsewhere is cut off.</summary>
    public void OnlyAt(IPAddress address)
    {
        _addresses = [address];
        foreach (var other in _open.Keys.Where(other => !other.Equals(address)).ToList())
        {
            _open.Remove(other, out var left);
            left.Listener.Dispose();
            foreach (var connection in _connections.Keys.Where(connection => IsAt(connection, other)))
                Reset(connection);
        }
    }

    private void Open(IPAddress address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen(512);
        _open[address] = (listener, Accept(listener));
    }

    private static bool IsAt(Socket connection, IPAddress address)
    {
        try
        {
            return connection.LocalEndPoint is IPEndPoint local && local.Address.Equals(address);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        var accepting = _open.Values.Select(one => one.Accepting).ToList();
        Close();
        await Task.WhenAll(accepting);
        await Task.WhenAll(_connections.Values);
        _closing.Dispose();
    }

    private void Close()
    {
        foreach (var (listener, _) in _open.Values)
            listener.Dispose();
        _open.Clear();
        foreach (var connection in _connections.Keys)
            Reset(connection);
    }

    private async Task Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                var edge = await listener.AcceptAsync(_closing.Token);
                // Kept before it runs, and taken out by the run itself: whichever comes last finds the other.
                var started = new TaskCompletionSource();
                _connections[edge] = RunAfter(started.Task, edge);
                started.SetResult();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            listener.Dispose();
        }
    }

    private async Task RunAfter(Task started, Socket edge)
    {
        await started;
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        edge.NoDelay = true;
        try
        {
            await node.ConnectAsync(IPAddress.Loopback, target, _closing.Token);
            var state = new Exchange();
            await await Task.WhenAny(Requests(edge, node, state), Answers(node, edge, state));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Reset(edge);
        }
        finally
        {
            _connections.TryRemove(edge, out _);
            edge.Dispose();
        }
    }

    private async Task Requests(Socket edge, Socket node, Exchange state)
    {
        var buffer = new byte[BufferSize];
        while (await edge.ReceiveAsync(buffer, _closing.Token) is > 0 and var length)
        {
            if (state.Answered)
            {
                state.Answered = false;
                var behaviour = _behaviour;
                if (behaviour.HarmsRequests && Suffers(behaviour, buffer.AsSpan(0, length)))
                {
                    if (behaviour.Delay > TimeSpan.Zero)
                        await Task.Delay(behaviour.Delay, time, _closing.Token);
                    if (behaviour.Swallow)
                        await Task.Delay(Timeout.InfiniteTimeSpan, time, _closing.Token);
                    if (behaviour.Status > 0)
                    {
                        await Answer(edge, behaviour.Status);
                        return;
                    }
                }
            }
            await Send(node, buffer.AsMemory(0, length));
        }
    }

    private async Task Answers(Socket node, Socket edge, Exchange state)
    {
        var buffer = new byte[BufferSize];
        while (await node.ReceiveAsync(buffer, _closing.Token) is > 0 and var length)
        {
            state.Answered = true;
            await Send(edge, buffer.AsMemory(0, length));
        }
    }

    private bool Suffers(LinkBehaviour behaviour, ReadOnlySpan<byte> head)
    {
        if (behaviour.ProbesSpared && head.IndexOf(" /readyz"u8) is >= 0 and < 16)
            return false;
        lock (random)
            return random.NextDouble() < behaviour.Share;
    }

    private async Task Answer(Socket edge, int status)
    {
        await Send(edge, Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Drill\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        edge.Shutdown(SocketShutdown.Send);
        // Closing with unread bytes would reset the connection and might take the answer with it.
        var rest = new byte[BufferSize];
        while (await edge.ReceiveAsync(rest, _closing.Token) > 0)
            continue;
    }

    private async Task Send(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, _closing.Token)..];
    }

    private static void Reset(Socket connection)
    {
        try
        {
            connection.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return;
        }
        connection.Dispose();
    }

    /// <summary>Whether the last request of a connection has begun to be answered; also true before the first.</summary>
    private sealed class Exchange
    {
        private volatile bool _answered = true;

        public bool Answered
        {
            get => _answered;
            set => _answered = value;
        }
    }
}
