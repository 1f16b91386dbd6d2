using System.Buffers;
using System.Net.Sockets;
using Hanzo.Edge.Proxying.Plain;
using Hanzo.Sockets.Loops;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>
/// A connection to an endpoint, for one request after the other. An endpoint that closes it while it rests, or sends what nobody
/// asked for, is noticed without asking the system. One timer bounds both the silence of a
/// request and the rest; whether it ends the connection or the request does is decided by one word.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    /// <summary>Bytes of a response head at most.</summary>
    public const int MaxHead = 64 * 1024;

    // Holds the head of nearly every response, and the whole of small ones.
    private const int Room = 4 * 1024;

    // For content of which much has come already.
    private const int LargeRoom = 64 * 1024;

    private const long Dead = -1;

    private const int MaxInterim = 16;

    private readonly UpstreamEndpoint endpoint;
    private readonly LoopSocket socket;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly byte[] own = new byte[Room];
    private byte[] room;
    private bool isBorrowed;
    private bool isSpoiled;
    private int start;
    private int end;
    private long use; // even: resting; odd: in use; Dead
    private long since;
    private TimeSpan limit;
    private long until = long.MaxValue;
    private int interim;
    private long dueAt = long.MaxValue;

    /// <summary>Takes over a connected socket.</summary>
    public UpstreamConnection(UpstreamEndpoint endpoint, LoopSocket socket, TimeProvider time)
    {
        (this.endpoint, this.socket, this.time, room) = (endpoint, socket, time, own);
        // It outlives the request that makes it, and must not keep what belongs to that.
        using (ExecutionContext.SuppressFlow())
            timer = time.CreateTimer(static self => ((UpstreamConnection)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes requests.</summary>
    public RequestHead Request { get; } = new();

    /// <summary>The head of the response, once <see cref="ReceiveHeadAsync"/> has read it.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>The same as it goes to a client whose connection the edge writes itself.</summary>
    public ClientHead ForClient { get; } = new();

    /// <summary>Whether anything of a response came since the request began.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether the endpoint was silent for too long.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>What was received and is not consumed.</summary>
    public ReadOnlyMemory<byte> Received => room.AsMemory(start, end - start);

    /// <summary>Whether more may wait to be received, as far as was told.</summary>
    public bool MayHaveMore => socket.MayReceive;

    /// <summary>Begins a request; false where the connection is no longer good.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="bounds">How long it may take.</param>
    public bool TryBegin(long now, SilenceBounds bounds)
    {
        if (HasSpoken()) return false;
        Volatile.Write(ref since, now);
        limit = bounds.Silence;
        Volatile.Write(ref until, bounds.Until);
        var seen = Volatile.Read(ref use);
        if (seen == Dead || Interlocked.CompareExchange(ref use, seen + 1, seen) != seen) return false;
        HasAnswered = false;
        interim = 0;
        Arm(now, bounds.Silence);
        return true;
    }

    /// <summary>Ends a request whose response was read whole, and rests.</summary>
    /// <param name="rest">How long it may rest.</param>
    /// <returns>False where it can't be used again.</returns>
    public bool TryRest(TimeSpan rest)
    {
        if (start != end || isSpoiled) return false; // what nobody asked for
        GiveBack();
        var now = time.GetTimestamp();
        Volatile.Write(ref since, now);
        limit = rest;
        Volatile.Write(ref until, long.MaxValue);
        var seen = Volatile.Read(ref use);
        if (seen == Dead || Interlocked.CompareExchange(ref use, seen + 1, seen) != seen) return false;
        Arm(now, rest);
        return true;
    }

    /// <summary>Sends the request.</summary>
    public ValueTask SendAsync() => socket.SendAsync(Request.Written);

    /// <summary>Reads the head of the final response of what was received, and consumes it; false where more has to come.</summary>
    public bool TryReadHead()
    {
        while (true)
            switch (Head.Read(room.AsSpan(start, end - start), out var consumed))
            {
                case HeadVerdict.Broken:
                    throw Broken();
                case HeadVerdict.Incomplete:
                    if (end - start >= MaxHead) throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "The head of the response is too long.");
                    return false;
                default:
                    start += consumed;
                    if (Head.Status >= 200) return true;
                    // RFC 9110 §15.2: any number of interim responses may come before the final one; who sends many has a fault.
                    if (interim++ == MaxInterim || Head.Status == StatusCodes.Status101SwitchingProtocols) throw Broken();
                    break;
            }
    }

    /// <summary>Waits until something of the head can be received, or the connection has ended.</summary>
    public ValueTask WaitAsync() => socket.WaitToReceiveAsync();

    /// <summary>Receives what there is of a head, behind <see cref="Received"/>.</summary>
    /// <exception cref="HttpIOException">The endpoint has closed the connection.</exception>
    public void ReceiveHead()
    {
        if (TryReceive() == 0) throw new HttpIOException(HttpRequestError.ResponseEnded, "The endpoint closed the connection before its response.");
    }

    /// <summary>Waits for content, and gives the endpoint its time for it anew.</summary>
    public ValueTask WaitForContentAsync()
    {
        Touch();
        return socket.WaitToReceiveAsync();
    }

    /// <summary>Receives what there is of the content, behind <see cref="Received"/>.</summary>
    /// <param name="hasMore">Whether there was content to receive before anybody waited: only then memory is taken for much of it.</param>
    /// <returns>How many bytes came, 0 at the end, or -1 where there is nothing yet.</returns>
    public int ReceiveContent(bool hasMore)
    {
        Touch();
        if (hasMore) Borrow();
        return TryReceive();
    }

    /// <summary>Receives straight into <paramref name="target"/>, when nothing received is left.</summary>
    /// <param name="target">Where it goes to. With room for more than is expected, all that came is received at once, and known to be all.</param>
    /// <param name="most">As many bytes are expected; what comes beyond nobody asked for, and the connection is not used again.</param>
    /// <returns>How many of the bytes expected came, 0 at the end, or -1 where there is nothing yet.</returns>
    public int Receive(Span<byte> target, long most)
    {
        Touch();
        if (!socket.TryReceive(target, out var count)) return -1;
        if (count <= most) return count;
        isSpoiled = true;
        return (int)most;
    }

    /// <summary>Gives back the memory that was taken for much content, when nothing received is left.</summary>
    public void Spare()
    {
        if (start == end) GiveBack();
    }

    /// <summary>Consumes <paramref name="count"/> bytes of what was received.</summary>
    public void Consume(int count) => start += count;

    /// <summary>Starts the endpoint's time again.</summary>
    public void Touch() => Volatile.Write(ref since, time.GetTimestamp());

    /// <summary>A response that can't be trusted.</summary>
    public static HttpRequestException Broken() => new(HttpRequestError.InvalidResponse, "The endpoint's response breaks the rules of HTTP/1.1.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref use, Dead);
        timer.Dispose();
        socket.Dispose();
    }

    // While it rested: its end, or what nobody asked for. What was told may be old; asking the system says.
    private bool HasSpoken()
    {
        try
        {
            return socket.MayReceive && socket.TryReceive(room, out _);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private int TryReceive()
    {
        MakeRoom();
        if (!socket.TryReceive(room.AsSpan(end), out var count)) return -1;
        end += count;
        HasAnswered |= count > 0;
        return count;
    }

    private void MakeRoom()
    {
        if (start == end) (start, end) = (0, 0);
        if (end < room.Length) return;
        var larger = start > 0 ? room : new byte[room.Length * 2];
        room.AsSpan(start, end - start).CopyTo(larger);
        (room, start, end, isBorrowed) = (larger, 0, end - start, isBorrowed && larger == room);
    }

    private void Borrow()
    {
        if (isBorrowed || room != own) return;
        var large = ArrayPool<byte>.Shared.Rent(LargeRoom);
        Received.Span.CopyTo(large);
        (room, start, end, isBorrowed) = (large, 0, end - start, true);
    }

    // Never by another thread, which may dispose this one meanwhile: what is borrowed then is lost to the pool, and nothing is mixed up.
    private void GiveBack()
    {
        if (isBorrowed) ArrayPool<byte>.Shared.Return(room);
        (room, start, end, isBorrowed) = (own, 0, 0, false);
    }

    // The timer is changed only where it would come too late; coming early, it looks again. Timers count in whole
    // milliseconds and round down.
    private void Arm(long now, TimeSpan within)
    {
        var due = Math.Min(now + (long)(within.TotalSeconds * time.TimestampFrequency), Volatile.Read(ref until));
        if (Volatile.Read(ref dueAt) <= due) return;
        Volatile.Write(ref dueAt, due);
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.GetElapsedTime(now, due).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        var seen = Volatile.Read(ref use);
        if (seen == Dead) return;
        Volatile.Write(ref dueAt, long.MaxValue);
        var within = limit;
        var now = time.GetTimestamp();
        var left = within - time.GetElapsedTime(Volatile.Read(ref since), now);
        var end = Volatile.Read(ref until);
        if (end != long.MaxValue && time.GetElapsedTime(now, end) is var rest && rest < left) left = rest;
        if (left > TimeSpan.Zero || Interlocked.CompareExchange(ref use, Dead, seen) != seen)
        {
            Arm(now, left);
            return;
        }
        IsOverdue = true;
        if (seen % 2 == 0) endpoint.Forget(this);
        Dispose();
    }
}
