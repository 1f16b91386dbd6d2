using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// A client's connection as Kestrel takes it. What is read is received then, and what is flushed is sent then, by whoever reads
/// and flushes; who waits goes on on the thread that learns of the socket.
/// </summary>
internal sealed class LoopConnection : DefaultConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature
{
    private const int MostDiscarded = 1024 * 1024;

    // How long a client that was still sending when it was answered may take to read that.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private static long last;

    private readonly LoopSocket socket;
    private readonly TimeProvider time;
    private readonly LoopReader reader;
    private readonly LoopWriter writer;
    private readonly CancellationTokenSource closed = new();
    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isClosed;

    /// <summary>Takes over a connection.</summary>
    public LoopConnection(LoopSocket socket, MemoryPool<byte> pool, TimeProvider time)
        : base(Interlocked.Increment(ref last).ToString("X8", CultureInfo.InvariantCulture))
    {
        (this.socket, this.time) = (socket, time);
        MemoryPool = pool;
        reader = new(socket, pool, Tell);
        writer = new(socket, pool, Close);
        Transport = new Ends(reader, writer);
        LocalEndPoint = socket.Socket.LocalEndPoint;
        RemoteEndPoint = socket.Socket.RemoteEndPoint;
        ConnectionClosed = closed.Token;
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
    }

    /// <inheritdoc/>
    public Socket Socket => socket.Socket;

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Begins to notice when the client leaves.</summary>
    public void Start()
    {
        socket.Ended = reader.LookAhead;
        if (socket.HasEnded) reader.LookAhead();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => Close(abortReason);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await reader.CompleteAsync();
        await writer.CompleteAsync();
        await told.Task;
        closed.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>An error of the socket as Kestrel knows it.</summary>
    internal static Exception Told(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } reset ? new ConnectionResetException(reset.Message, reset) : error;

    private void Close(Exception why)
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0) return;
        // Before the socket: who reads its end must find why.
        reader.End(Told(why));
        // What the client sent and nobody read would make of the end a reset, which takes from it what it has not read yet.
        if (socket.Discard(MostDiscarded) > 0 && !socket.HasEnded)
        {
            _ = LingerAsync();
            return;
        }
        socket.Shutdown();
        socket.Dispose();
    }

    // More of it may be on its way.
    private async Task LingerAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        using var limit = time.CreateTimer(static socket => ((LoopSocket)socket!).Dispose(), socket, Linger, Timeout.InfiniteTimeSpan);
        try
        {
            for (var left = MostDiscarded; left > 0 && !socket.HasEnded; left -= socket.Discard(left)) await socket.WaitToReceiveAsync();
        }
        catch (Exception ended) when (ended is InvalidOperationException)
        {
            // its time is over, or somebody reads after all and finds the end
        }
        socket.Dispose();
    }

    // What hears of the end may be long, and the other sockets of this thread wait.
    private void Tell() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.Cancel(), this, preferLocal: false);

    private void Cancel()
    {
        try
        {
            closed.Cancel();
        }
        finally
        {
            told.TrySetResult();
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
