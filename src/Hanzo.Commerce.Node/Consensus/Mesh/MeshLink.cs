using System.Buffers;
using System.Threading.Channels;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>What a node sends to one other: over a connection of its own, in order, and lost when that breaks.</summary>
internal sealed class MeshLink(Peer peer, MeshOptions options, IMeshReceiver receiver, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>A peer that does not take more than this has lost its turn; it is told again what it missed.</summary>
    private const int MostPending = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _filled = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ArrayBufferWriter<byte> _pending = new(1 << 16);
    private ArrayBufferWriter<byte> _sending = new(1 << 16);
    private string? _lastComplaint;

    /// <summary>Who answered at the other end; null while nobody does.</summary>
    public volatile string? PeerId;

    public void Send(int shard, string to, Message message)
    {
        if (PeerId != to)
            return;
        lock (_gate)
        {
            if (_pending.WrittenCount > MostPending)
                return;
            MessageCodec.Write(_pending, shard, message);
        }
        Wake();
    }

    /// <summary>Tells the peer again who this node is, after that changed.</summary>
    public void Introduce()
    {
        if (PeerId is null)
            return;
        lock (_gate)
            MessageCodec.Write(_pending, MessageKind.Hello, options.Self().Encode());
        Wake();
    }

    public async Task Run(CancellationToken stopping)
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var stream = await MeshDialer.Connect(peer, options, stopping);
                pause = FirstPause;
                await Serve(stream, stopping);
            }
            catch (Exception broken) when (!stopping.IsCancellationRequested)
            {
                Complain(broken.Message);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Not only what was called off: a peer may refuse or break off at that very moment.
                return;
            }
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task Serve(Stream stream, CancellationToken stopping)
    {
        var hello = await MeshDialer.Greet(stream, options.Self(), stopping);
        if (hello.Refusal is { } refusal || (refusal = options.WhyNot(hello, peer.Name)) is not null)
            throw new IOException(refusal);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (_gate)
            _pending.ResetWrittenCount();
        PeerId = hello.Id;
        _lastComplaint = null;
        log.Connected(peer.Name, hello.Id);
        receiver.Met(hello);
        try
        {
            var ended = Watch(stream, broken);
            await Pass(stream, broken.Token);
            await ended;
        }
        finally
        {
            PeerId = null;
            receiver.Lost(hello.Id);
            log.Disconnected(peer.Name);
        }
    }

    private async Task Pass(Stream stream, CancellationToken broken)
    {
        while (true)
        {
            await _filled.Reader.ReadAsync(broken);
            lock (_gate)
                (_pending, _sending) = (_sending, _pending);
            if (_sending.WrittenCount > 0)
                await stream.WriteAsync(_sending.WrittenMemory, broken);
            _sending.ResetWrittenCount();
            if (_sending.Capacity > 1 << 22)
                _sending = new ArrayBufferWriter<byte>(1 << 16);
        }
    }

    /// <summary>The other side says nothing more on this connection: what can be read from it is its end.</summary>
    private static async Task Watch(Stream stream, CancellationTokenSource broken)
    {
        try
        {
            while (await stream.ReadAsync(new byte[64], broken.Token) > 0)
            {
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
        }
        await broken.CancelAsync();
    }

    private void Wake() => _filled.Writer.TryWrite(true);

    private void Complain(string why)
    {
        if (why == _lastComplaint)
            return;
        _lastComplaint = why;
        log.NotConnected(peer.Name, why);
    }
}
