using System.Buffers;
using System.Threading.Channels;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Frames on their way out over one connection. Those that come while others are being sent leave together, in order.</summary>
/// <param name="sendsAtOnce">
/// Whether who adds a frame sends it too where nobody is sending: for one that has few and large ones, that saves waking
/// another thread. Sending never waits: what the system does not take at once goes on elsewhere.
/// </param>
internal sealed class FrameQueue(bool sendsAtOnce = false)
{
    private const int FirstCapacity = 1 << 16;

    /// <summary>A buffer that grew beyond this is not kept.</summary>
    private const int MostKept = 1 << 22;

    /// <summary>Who does not take more than this, takes nothing: it has lost its turn.</summary>
    private const int MostPending = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _filled = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = sendsAtOnce });
    private ArrayBufferWriter<byte> _pending = new(FirstCapacity);
    private ArrayBufferWriter<byte> _sending = new(FirstCapacity);
    private bool _isTold;

    /// <summary>Adds what <paramref name="write"/> writes of a frame, and sends it; false where too much waits already.</summary>
    public bool TryAdd<T>(T frame, Action<IBufferWriter<byte>, T> write)
    {
        if (!TryGather(frame, write))
            return false;
        Flush();
        return true;
    }

    /// <summary>Adds a frame, to be sent with others by <see cref="Flush"/> or with what is added meanwhile.</summary>
    public bool TryGather<T>(T frame, Action<IBufferWriter<byte>, T> write)
    {
        lock (_gate)
        {
            if (_pending.WrittenCount > MostPending)
                return false;
            write(_pending, frame);
        }
        return true;
    }

    /// <summary>Sends what was gathered.</summary>
    public void Flush()
    {
        // Who sends was told already, and has not looked yet.
        if (!Interlocked.Exchange(ref _isTold, true))
            _filled.Writer.TryWrite(true);
    }

    /// <summary>Forgets what was not sent, before a new connection takes over.</summary>
    public void Clear()
    {
        lock (_gate)
            _pending.ResetWrittenCount();
        _sending.ResetWrittenCount();
    }

    /// <summary>Nothing more comes: <see cref="Send"/> ends with what is here.</summary>
    public void Complete() => _filled.Writer.TryComplete();

    /// <summary>Sends what comes until the connection breaks.</summary>
    public async Task Send(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken broken)
    {
        while (await _filled.Reader.WaitToReadAsync(broken))
        {
            _filled.Reader.TryRead(out _);
            Volatile.Write(ref _isTold, false);
            lock (_gate)
                (_pending, _sending) = (_sending, _pending);
            if (_sending.WrittenCount > 0)
                await send(_sending.WrittenMemory, broken);
            _sending.ResetWrittenCount();
            if (_sending.Capacity > MostKept)
                _sending = new ArrayBufferWriter<byte>(FirstCapacity);
        }
    }
}
