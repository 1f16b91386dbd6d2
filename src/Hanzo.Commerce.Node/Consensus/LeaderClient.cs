using System.Collections.Frozen;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Passes commands and questions on to the node that leads, over one connection a node that is kept open.</summary>
internal sealed class LeaderClient(MeshOptions mesh, TimeProvider time, ILogger<LeaderClient> log) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly FrozenDictionary<string, CallLink> _links = mesh.Peers.ToFrozenDictionary(peer => peer.Name, peer => new CallLink(peer, mesh, time, log));
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.WhenAll(_links.Values.Select(link => Task.Run(() => link.Run(_stopping.Token))));

    /// <summary>Null: the other node certainly put it into no log, and it may be tried again.</summary>
    /// <param name="replaced">Completes when the other node leads no more, and an answer of it cannot be waited for.</param>
    public async ValueTask<SubmitOutcome?> Submit(Peer leader, int shard, ReadOnlyMemory<byte> command, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        var answer = await _links[leader.Name].Ask(MessageKind.Command, shard, command, left, replaced, cancellation);
        switch (answer.Fate)
        {
            case CallFate.Done:
                Sight.Note(shard, answer.Applied);
                return new SubmitOutcome.Applied(answer.Content);
            case CallFate.NotTaken:
                return null;
            case CallFate.NoRoom:
                return new SubmitOutcome.NotApplied(RetryAfter, IsDiskFull: true);
            default:
                return new SubmitOutcome.Unknown(RetryAfter);
        }
    }

    /// <summary>Null: it may be asked again, there or elsewhere.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> Read(Peer leader, int shard, ReadOnlyMemory<byte> question, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        var answer = await _links[leader.Name].Ask(MessageKind.Question, shard, question, left, replaced, cancellation);
        // Not in one expression with the answer: beside memory, null is an empty memory.
        if (answer.Fate != CallFate.Done)
            return null;
        Sight.Note(shard, answer.Applied);
        return answer.Content;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _running.Wait();
        _stopping.Dispose();
    }
}
