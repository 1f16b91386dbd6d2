using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>What a node sends to one other: over a connection of its own, in order, and lost when that breaks.</summary>
internal sealed class MeshLink(Peer peer, MeshOptions options, IMeshReceiver receiver, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly FrameQueue _frames = new(sendsAtOnce: true);
    private bool _isGathered;
    private string? _lastComplaint;

    /// <summary>Who answered at the other end; null while nobody does.</summary>
    public volatile string? PeerId;

    /// <summary>Sends a message, together with others, at the next <see cref="Flush"/>. One thread calls both.</summary>
    public void Send(int shard, string to, Message message)
    {
        // A peer that does not take it any more is told again what it missed.
        if (PeerId == to)
            _isGathered |= _frames.TryGather((shard, message), static (to, frame) => MessageCodec.Write(to, frame.shard, frame.message));
    }

    public void Flush()
    {
        if (_isGathered)
            _frames.Flush();
        _isGathered = false;
    }

    /// <summary>Tells the peer again who this node is, after that changed.</summary>
    public void Introduce()
    {
        if (PeerId is not null)
            _frames.TryAdd(options.Self().Encode(), static (to, hello) => MessageCodec.Write(to, MessageKind.Hello, hello));
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
        var hello = await MeshDialer.Greet(stream, options.Self(), peer, options, stopping);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _frames.Clear();
        PeerId = hello.Id;
        _lastComplaint = null;
        log.Connected(peer.Name, hello.Id);
        receiver.Met(hello);
        try
        {
            var ended = Watch(stream, broken);
            await _frames.Send(stream.WriteAsync, broken.Token);
            await ended;
        }
        finally
        {
            PeerId = null;
            receiver.Lost(hello.Id);
            log.Disconnected(peer.Name);
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

    private void Complain(string why)
    {
        if (why == _lastComplaint)
            return;
        _lastComplaint = why;
        log.NotConnected(peer.Name, why);
    }
}
