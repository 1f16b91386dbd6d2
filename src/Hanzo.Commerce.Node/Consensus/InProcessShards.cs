namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Shards in the memory of this process: one replica each, which leads and lasts as long as the process.</summary>
internal sealed class InProcessShards(int count, Func<int, IShardMachine> machine, TimeProvider time) : IShards
{
    private readonly IShardMachine[] _machines = [.. Enumerable.Range(0, count).Select(machine)];
    private readonly Lock[] _applying = [.. Enumerable.Range(0, count).Select(_ => new Lock())];

    public int Count => count;

    public bool Leads(int shard) => true;

    public ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        lock (_applying[shard])
            return new(new SubmitOutcome.Applied(_machines[shard].Apply(command.Span, time.GetUtcNow(), isAnswerWanted: true)));
    }

    public ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation) =>
        new(new ReadOutcome.Answered(_machines[shard].Answer(question.Span), TimeSpan.Zero));

    public IShardMachine MachineOf(int shard) => _machines[shard];
}
