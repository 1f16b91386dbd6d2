using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// A client's connection as Kestrel takes it: two pipes, one filled from the socket, one emptied into it. Both are served on the
/// thread that learns of the socket, and so are the requests. While nothing comes, no memory waits for it.
/// </summary>
internal sealed class LoopConnection : DefaultConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature
{
    // As much may be received and not read, and written and not sent, as with Kestrel's own transport.
    private const long MostReceived = 1024 * 1024;
    private const long MostWritten = 64 * 1024;

    // Room to receive into at least: half of what the pool gives out.
    private const int Room = 2 * 1024;

    private static long last;

    private readonly LoopSocket socket;
    private readonly PipeWriter received;
    private readonly PipeReader written;
    private readonly CancellationTokenSource closed = new();
    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock closing = new();
    private Exception? reason;
    private Task receiving = Task.CompletedTask;
    private Task sending = Task.CompletedTask;

    /// <summary>Takes over a connection.</summary>
    public LoopConnection(LoopSocket socket, MemoryPool<byte> pool)
        : base(Interlocked.Increment(ref last).ToString("X8", CultureInfo.InvariantCulture))
    {
        this.socket = socket;
        MemoryPool = pool;
        var input = Between(pool, MostReceived);
        var output = Between(pool, MostWritten);
        (received, written) = (input.Writer, output.Reader);
        Transport = new Ends(input.Reader, output.Writer);
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

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        receiving = ReceiveAsync();
        sending = SendAsync();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Close(abortReason);
        written.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Transport!.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await receiving;
        await sending;
        closed.Dispose();
        await base.DisposeAsync();
    }

    private static Pipe Between(MemoryPool<byte> pool, long most) =>
        new(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, most, most / 2, useSynchronizationContext: false));

    private async Task ReceiveAsync()
    {
        Exception? broken = null;
        try
        {
            while (true)
            {
                await socket.WaitToReceiveAsync();
                if (!socket.TryReceive(received.GetSpan(Room), out var count)) continue;
                if (count == 0) break;
                received.Advance(count);
                var flushed = await received.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled) break;
            }
        }
        catch (Exception error)
        {
            broken = Told(error);
        }
        // Whoever closed it on this side has said why before.
        await received.CompleteAsync(reason ?? broken);
        // What hears of the end may be long, and the other sockets of this thread wait.
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Tell(), this, preferLocal: false);
        await told.Task;
    }

    private async Task SendAsync()
    {
        Exception? broken = null;
        try
        {
            while (true)
            {
                var read = await written.ReadAsync();
                if (read.IsCanceled) break;
                if (!read.Buffer.IsEmpty) await socket.SendAsync(read.Buffer);
                written.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception error)
        {
            broken = Told(error);
        }
        Close(broken ?? new ConnectionAbortedException("All was sent, and the connection is closed."));
        await written.CompleteAsync();
        received.CancelPendingFlush();
    }

    private void Close(Exception why)
    {
        lock (closing)
        {
            if (reason is not null) return;
            // Before the socket: who reads its end must find why.
            Volatile.Write(ref reason, why);
            socket.Shutdown();
            socket.Dispose();
        }
    }

    private void Tell()
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

    private static Exception Told(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } reset ? new ConnectionResetException(reset.Message, reset) : error;

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
