using System.IO.Pipelines;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>What a node asks of one other as a leader, over a connection of its own that it keeps open.</summary>
internal sealed class CallLink(Peer peer, MeshOptions options, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile CallLine? _line;

    /// <summary>Asks the other node. Without a connection it is not taken.</summary>
    /// <param name="replaced">Completes when the other node leads no more, and an answer of it cannot be waited for.</param>
    public Task<CallAnswer> Ask(MessageKind kind, int shard, ReadOnlyMemory<byte> content, TimeSpan left, Task replaced, CancellationToken cancellation) =>
        _line?.Ask(kind, shard, content, left, replaced, cancellation) ?? Task.FromResult(new CallAnswer(CallFate.NotTaken));

    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var stream = await MeshDialer.Connect(peer, options, stopping);
                await Serve(stream, stopping);
            }
            catch (Exception broken)
            {
                // The connection of the replicas tells operators why a peer cannot be reached.
                log.CallsBroke(peer.Name, broken.Message);
            }
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Serve(Stream stream, CancellationToken stopping)
    {
        var self = options.Self();
        var hello = await MeshDialer.Greet(stream, self, peer, options, stopping);
        // Until both know with whom the cluster began, the other may turn out to be of another founding.
        if (self.Founders.IsEmpty || hello.Founders.IsEmpty)
            throw new IOException("the cluster is not founded yet");
        var line = _line = new CallLine(time);
        try
        {
            await line.Serve(stream, PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true)), stopping);
        }
        finally
        {
            _line = null;
        }
    }
}
