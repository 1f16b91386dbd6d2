using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// A connected stream socket that is served by a <see cref="SocketLoop"/>. Receiving and sending never wait and do what can
/// be done; waiting is told apart from them and costs nothing where it is known that there is something. One at a time may
/// receive and one may send.
/// </summary>
public sealed class LoopSocket : IDisposable
{
    // Of what is sent at once. The system takes up to 1,024.
    private const int MostPieces = 32;

    private readonly Socket socket;
    private readonly SafeSocketHandle handle;
    private readonly SocketLoop loop;
    private readonly Readiness received = new();
    private readonly Readiness room = new();
    private int slot = -1;
    private volatile bool hasEnded;
    private int isClosed;

    private LoopSocket(Socket socket, SocketLoop loop)
    {
        (this.socket, handle, this.loop) = (socket, socket.SafeHandle, loop);
        socket.NoDelay = true;
    }

    /// <summary>Takes over a connected socket that was not used before; it is closed where this fails.</summary>
    /// <exception cref="SocketException">The system does not watch it.</exception>
    public static LoopSocket Of(Socket connected, SocketLoop loop)
    {
        try
        {
            var taken = new LoopSocket(connected, loop);
            taken.Watch();
            return taken;
        }
        catch
        {
            connected.Dispose();
            throw;
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">The address can't be reached.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first.</exception>
    public static async ValueTask<LoopSocket> ConnectAsync(IPEndPoint address, SocketLoop loop, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var connecting = new LoopSocket(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }, loop);
        try
        {
            connecting.Begin(address);
            using (cancellation.UnsafeRegister(static self => ((LoopSocket)self!).Dispose(), connecting))
                await connecting.room.WaitAsync();
            cancellation.ThrowIfCancellationRequested();
            connecting.End();
            return connecting;
        }
        catch
        {
            connecting.Dispose();
            throw;
        }
    }

    /// <summary>The socket. Its own ways to receive and to send must not be used.</summary>
    public Socket Socket => socket;

    /// <summary>Whether there may be something to receive, or the end: waiting for it would end at once.</summary>
    public bool MayReceive => hasEnded || received.IsReady;

    /// <summary>Whether the other end has said that it sends nothing more, or the connection is broken.</summary>
    internal bool HasEnded => hasEnded;

    /// <summary>Told on the loop when <see cref="HasEnded"/>, after who waits.</summary>
    internal Action? Ended { get; set; }

    /// <summary>As <see cref="WaitToReceiveAsync"/>, and calls <paramref name="goOn"/> then; false where there is nothing to wait for.</summary>
    internal bool TryWaitToReceive(Action goOn) => !hasEnded && received.TryWait(goOn);

    /// <summary>Lets who waits to receive go on, on a thread of the pool.</summary>
    internal void WakeReceiver() => received.Wake();

    /// <summary>Tells this socket from others that had its place in the loop.</summary>
    internal uint Generation { get; set; }

    /// <summary>Waits until <see cref="TryReceive"/> is worth trying. Also ends when the socket is closed.</summary>
    public ValueTask WaitToReceiveAsync() => hasEnded ? default : received.WaitAsync();

    /// <summary>Receives what there is.</summary>
    /// <param name="bytes">Where it goes to; not empty.</param>
    /// <param name="count">How much came; 0 at the end.</param>
    /// <returns>False where there is nothing yet.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed on this side.</exception>
    public unsafe bool TryReceive(Span<byte> bytes, out int count)
    {
        // Before asking: what comes after is told again. What was told as the end stays the end.
        if (!hasEnded) received.Clear();
        while (true)
        {
            fixed (byte* start = bytes) count = (int)LinuxSockets.Receive(handle, start, (nuint)bytes.Length, LinuxSockets.DontWait);
            if (count >= 0)
            {
                // Less than there was room for is all there was (epoll(7), question 9).
                if (count == bytes.Length) received.Keep();
                return true;
            }
            if (IsAgain(Marshal.GetLastPInvokeError())) return false;
        }
    }

    /// <summary>Sends as much as the system takes.</summary>
    /// <returns>How many bytes, or 0 where it takes none yet.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed on this side.</exception>
    public unsafe int Send(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint sent;
            fixed (byte* start = bytes) sent = LinuxSockets.Send(handle, start, (nuint)bytes.Length, LinuxSockets.DontWait | LinuxSockets.NoSignal);
            if (sent >= 0) return (int)sent;
            if (IsAgain(Marshal.GetLastPInvokeError()) && !TakesAgain()) return 0;
        }
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed on this side.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sent = Send(bytes.Span);
        return sent == bytes.Length ? default : SendRestAsync(bytes[sent..]);
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed on this side.</exception>
    public ValueTask SendAsync(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment) return SendAsync(bytes.First);
        var sent = Send(bytes);
        return sent == bytes.Length ? default : SendRestAsync(bytes.Slice(sent));
    }

    /// <summary>Receives what there is, up to <paramref name="most"/> bytes or a piece more, for nobody.</summary>
    /// <returns>How many bytes there were.</returns>
    public int Discard(int most)
    {
        Span<byte> room = stackalloc byte[4096];
        var discarded = 0;
        try
        {
            while (discarded < most && TryReceive(room, out var count) && count > 0) discarded += count;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // there is nothing to receive any more
        }
        return discarded;
    }

    /// <summary>Ends directions in order; receiving, if it is one of them, then comes to its end.</summary>
    public void Shutdown(SocketShutdown how = SocketShutdown.Both)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // there is nothing left to end
        }
    }

    /// <summary>Closes it; who waits goes on and learns of it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0) return;
        socket.Dispose();
        if (slot >= 0) loop.Remove(slot);
        received.Close();
        room.Close();
    }

    /// <summary>Takes what the loop was told.</summary>
    internal void Tell(uint changes)
    {
        if ((changes & (LinuxSockets.PeerHungUp | LinuxSockets.HungUp | LinuxSockets.Failed)) != 0) hasEnded = true;
        if ((changes & (LinuxSockets.Output | LinuxSockets.HungUp | LinuxSockets.Failed)) != 0) room.Tell();
        if (hasEnded || (changes & LinuxSockets.Input) != 0) received.Tell();
        if (hasEnded) Ended?.Invoke();
    }

    private void Watch() => slot = loop.Add(this, handle);

    private unsafe void Begin(IPEndPoint address)
    {
        var name = address.Serialize();
        fixed (byte* start = name.Buffer.Span)
            if (LinuxSockets.Connect(handle, start, (uint)name.Size) != 0 && Marshal.GetLastPInvokeError() is not LinuxSockets.InProgressError and var error)
                throw LinuxSockets.Error(error);
        // Not before: of a socket that does not connect yet it would be told that it has ended.
        Watch();
    }

    private void End()
    {
        var error = LinuxSockets.PendingError(handle);
        if (error != 0) throw LinuxSockets.Error(error);
    }

    // What was told before this try says nothing; whether it was told after the try does.
    private bool TakesAgain()
    {
        if (!room.IsReady) return false;
        room.Clear();
        return true;
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> left)
    {
        while (left.Length > 0)
        {
            var sent = Send(left.Span);
            if (sent == 0) await room.WaitAsync();
            left = left[sent..];
        }
    }

    private async ValueTask SendRestAsync(ReadOnlySequence<byte> left)
    {
        while (left.Length > 0)
        {
            var sent = Send(left);
            if (sent == 0) await room.WaitAsync();
            left = left.Slice(sent);
        }
    }

    private unsafe int Send(in ReadOnlySequence<byte> bytes)
    {
        var pins = default(Pins);
        var pieces = stackalloc LinuxSockets.Piece[MostPieces];
        var count = 0;
        try
        {
            foreach (var piece in bytes)
            {
                if (piece.IsEmpty) continue;
                if (count == MostPieces) break;
                pins[count] = piece.Pin();
                pieces[count] = new() { Bytes = (byte*)pins[count].Pointer, Length = (nuint)piece.Length };
                count++;
            }
            var message = new LinuxSockets.Message { Pieces = pieces, PieceCount = (nuint)count };
            while (true)
            {
                var sent = LinuxSockets.Send(handle, &message, LinuxSockets.DontWait | LinuxSockets.NoSignal);
                if (sent >= 0) return (int)sent;
                if (IsAgain(Marshal.GetLastPInvokeError()) && !TakesAgain()) return 0;
            }
        }
        finally
        {
            foreach (ref var pin in pins[..count]) pin.Dispose();
        }
    }

    private static bool IsAgain(int error) => error switch
    {
        LinuxSockets.AgainError => true,
        LinuxSockets.InterruptedError => false,
        _ => throw LinuxSockets.Error(error),
    };

    [InlineArray(MostPieces)]
    private struct Pins
    {
        private MemoryHandle first;
    }
}
