using System.Net.Sockets;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>
/// A connection to an endpoint, for one request after the other. While it rests a read is already under way: an endpoint that
/// closes it, or sends what nobody asked for, is noticed without asking the system. One timer bounds both the silence of a
/// request and the rest; whether it ends the connection or the request does is decided by one word.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    /// <summary>Bytes of a response head at most.</summary>
    public const int MaxHead = 64 * 1024;

    // Holds the head of nearly every response, and the whole of small ones.
    private const int Room = 4 * 1024;

    private const long Dead = -1;

    private readonly UpstreamEndpoint endpoint;
    private readonly Socket socket;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private byte[] room = new byte[Room];
    private int start;
    private int end;
    private ValueTask<int> reading;
    private bool isReading;
    private long use; // even: resting; odd: in use; Dead
    private long since;
    private TimeSpan limit;
    private long dueAt = long.MaxValue;

    /// <summary>Takes over a connected socket.</summary>
    public UpstreamConnection(UpstreamEndpoint endpoint, Socket socket, TimeProvider time)
    {
        (this.endpoint, this.socket, this.time) = (endpoint, socket, time);
        // It outlives the request that makes it, and must not keep what belongs to that.
        using (ExecutionContext.SuppressFlow())
            timer = time.CreateTimer(static self => ((UpstreamConnection)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes requests.</summary>
    public RequestHead Request { get; } = new();

    /// <summary>The head of the response, once <see cref="ReceiveHeadAsync"/> has read it.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>Whether anything of a response came since the request began.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether the endpoint was silent for too long.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>What was received and is not consumed.</summary>
    public ReadOnlyMemory<byte> Received => room.AsMemory(start, end - start);

    /// <summary>Whether bytes wait to be received, so that receiving does not have to wait.</summary>
    public bool HasMore => socket.Available > 0;

    /// <summary>Begins a request; false where the connection is no longer good.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="silence">How long the endpoint may say nothing.</param>
    public bool TryBegin(long now, TimeSpan silence)
    {
        if (isReading && reading.IsCompleted) return false;
        Volatile.Write(ref since, now);
        limit = silence;
        var seen = Volatile.Read(ref use);
        if (seen == Dead || Interlocked.CompareExchange(ref use, seen + 1, seen) != seen) return false;
        HasAnswered = false;
        Arm(now, silence);
        return true;
    }

    /// <summary>Ends a request whose response was read whole, and rests.</summary>
    /// <param name="rest">How long it may rest.</param>
    /// <returns>False where it can't be used again.</returns>
    public bool TryRest(TimeSpan rest)
    {
        if (start != end) return false; // what nobody asked for
        (start, end) = (0, 0);
        if (room.Length > Room) room = new byte[Room];
        try
        {
            KeepReading(socket.ReceiveAsync(room.AsMemory(), SocketFlags.None));
        }
        catch (ObjectDisposedException)
        {
            return false; // its time was over, or its client gone, in this moment
        }
        var now = time.GetTimestamp();
        Volatile.Write(ref since, now);
        limit = rest;
        var seen = Volatile.Read(ref use);
        if (seen == Dead || Interlocked.CompareExchange(ref use, seen + 1, seen) != seen) return false;
        Arm(now, rest);
        return true;
    }

    /// <summary>Sends the request.</summary>
    public async ValueTask SendAsync()
    {
        for (var left = Request.Written; left.Length > 0;)
            left = left[await socket.SendAsync(left, SocketFlags.None)..];
    }

    /// <summary>Receives until a whole head is there, and consumes it.</summary>
    public async ValueTask ReceiveHeadAsync()
    {
        while (true)
        {
            switch (Head.Read(room.AsSpan(start, end - start), out var consumed))
            {
                case HeadVerdict.Whole:
                    start += consumed;
                    return;
                case HeadVerdict.Broken:
                    throw Broken();
            }
            if (end - start >= MaxHead) throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "The head of the response is too long.");
            if (await ReceiveAsync() == 0) throw new HttpIOException(HttpRequestError.ResponseEnded, "The endpoint closed the connection before its response.");
        }
    }

    /// <summary>Receives what comes next, behind <see cref="Received"/>.</summary>
    /// <returns>How many bytes came; 0 where the endpoint has closed the connection.</returns>
    public async ValueTask<int> ReceiveAsync()
    {
        MakeRoom();
        var wasReading = isReading;
        isReading = false;
        var count = wasReading ? await reading : await socket.ReceiveAsync(room.AsMemory(end), SocketFlags.None);
        end += count;
        HasAnswered |= count > 0;
        return count;
    }

    /// <summary>Receives straight into <paramref name="target"/>, when nothing received is left.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> target)
    {
        Touch();
        return await socket.ReceiveAsync(target, SocketFlags.None);
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

    private void KeepReading(ValueTask<int> read) => (reading, isReading) = (read, true);

    // While a read is under way the bytes stay where they are: it goes behind them.
    private void MakeRoom()
    {
        if (isReading) return;
        if (start == end) (start, end) = (0, 0);
        if (end < room.Length) return;
        var larger = start > 0 ? room : new byte[room.Length * 2];
        room.AsSpan(start, end - start).CopyTo(larger);
        (room, start, end) = (larger, 0, end - start);
    }

    // The timer is changed only where it would come too late; coming early, it looks again.
    private void Arm(long now, TimeSpan within)
    {
        var due = now + (long)(within.TotalSeconds * time.TimestampFrequency);
        if (Volatile.Read(ref dueAt) <= due) return;
        Volatile.Write(ref dueAt, due);
        timer.Change(within, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        var seen = Volatile.Read(ref use);
        if (seen == Dead) return;
        Volatile.Write(ref dueAt, long.MaxValue);
        var within = limit;
        var now = time.GetTimestamp();
        var left = within - time.GetElapsedTime(Volatile.Read(ref since), now);
        if (left > TimeSpan.Zero || Interlocked.CompareExchange(ref use, Dead, seen) != seen)
        {
            // Timers count in whole milliseconds and round down.
            Arm(now, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(left.TotalMilliseconds))));
            return;
        }
        IsOverdue = true;
        if (seen % 2 == 0) endpoint.Forget(this);
        Dispose();
    }
}
