using System.Buffers;
using System.IO.Pipelines;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

/// <summary>Streams between nodes: in order and late, withheld while a link is cut, and broken off anywhere, inside a frame too.</summary>
internal sealed class SimulatedNetwork(VirtualTime time, Random random)
{
    private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<(string, string)> _cut = [];

    public Dictionary<string, SimulatedNode> Nodes { get; } = [];

    /// <summary>One way between two nodes, in milliseconds.</summary>
    public Dictionary<(string, string), double> Delays { get; } = [];

    /// <summary>Of a thousand pieces, how many break their stream.</summary>
    public int Breaking { get; set; }

    public void Cut(string from, string to) => _cut.Add((from, to));

    public void Heal(string from, string to) => _cut.Remove((from, to));

    public void HealAll()
    {
        _cut.Clear();
        Breaking = 0;
    }

    public IPeerClient ClientOf(string name, CancellationToken stopping) => new Client(this, name, stopping);

    private async Task Travel(string from, string to, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(Delays[(from, to)] * (1 + random.NextDouble() / 4)), time, cancellation);
        while (_cut.Contains((from, to)))
            await Task.Delay(Retransmission, time, cancellation);
    }

    private async Task<PeerStream> Open(string from, string to, Func<SimulatedNode, PipeWriter, CancellationToken, Task> serve, CancellationToken stopping, CancellationToken cancellation)
    {
        await Travel(from, to, cancellation);
        var server = Nodes[to];
        if (!server.IsUp)
        {
            await Travel(to, from, cancellation);
            throw new HttpRequestException("connection refused");
        }
        var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, server.Stopping);
        var (near, far) = (Pipe(), Pipe());
        VirtualTime.Watch(Serve(server, far.Writer, ends, serve));
        VirtualTime.Watch(Carry(to, from, far.Reader, near.Writer, ends));
        return new PeerStream(new Ending(ends), near.Reader);
    }

    private static async Task Serve(SimulatedNode server, PipeWriter writer, CancellationTokenSource ends, Func<SimulatedNode, PipeWriter, CancellationToken, Task> serve)
    {
        try
        {
            await serve(server, writer, ends.Token);
            await writer.CompleteAsync();
        }
        catch (OperationCanceledException)
        {
            await writer.CompleteAsync(new IOException("the server left"));
        }
    }

    private async Task Carry(string from, string to, PipeReader source, PipeWriter sink, CancellationTokenSource ends)
    {
        try
        {
            while (true)
            {
                var read = await source.ReadAsync(ends.Token);
                var piece = read.Buffer.ToArray();
                source.AdvanceTo(read.Buffer.End);
                await Travel(from, to, ends.Token);
                var breaks = random.Next(1000) < Breaking;
                await sink.WriteAsync(breaks ? piece.AsMemory(0, random.Next(piece.Length + 1)) : piece, ends.Token);
                if (breaks)
                    throw new IOException("the link broke");
                if (read.IsCompleted)
                    break;
            }
            await sink.CompleteAsync();
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            await sink.CompleteAsync(new IOException("the link broke"));
            // Not CancelAsync, which leaves the thread of this time.
            new Ending(ends).Dispose();
        }
        await source.CompleteAsync();
    }

    private static Pipe Pipe() => new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: true));

    private sealed class Ending(CancellationTokenSource ends) : IDisposable
    {
        public void Dispose() => ends.Cancel();
    }

    private sealed class Client(SimulatedNetwork network, string name, CancellationToken stopping) : IPeerClient
    {
        public Task<PeerStream> Pull(Peer peer, VersionVector vector, IReadOnlyCollection<uint> members, CancellationToken cancellation)
        {
            var request = Wire.ReadRequest(Wire.Request(vector, members))!.Value;
            return network.Open(name, peer.Name, (server, writer, ends) => server.Feed.Send(request.Vector, request.Members, writer, ends), stopping, cancellation);
        }

        public Task<PeerStream> Snapshot(Peer peer, CancellationToken cancellation) =>
            network.Open(name, peer.Name, (server, writer, ends) => server.Feed.SendSnapshot(writer, ends), stopping, cancellation);
    }
}
