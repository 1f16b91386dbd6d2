using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

/// <summary>The replicas of one node, one for each machine.</summary>
internal sealed class RunningGroups : IDisposable
{
    private readonly GroupLoop _loop;

    public RunningGroups(string directory, Membership founders, IGroupHost host, IReadOnlyList<IShardMachine> machines, Func<GroupOptions, GroupOptions>? with = null)
    {
        Logs = new ShardLogs(directory, machines.Count, founders);
        _loop = new GroupLoop(Logs, host, TimeProvider.System);
        All = new Group[machines.Count];
        Parallel.For(0, All.Length, shard => All[shard] = Open(shard));

        Group Open(int shard)
        {
            var options = new GroupOptions { Shard = shard, Self = "a@1", Directory = ShardLogs.DirectoryOf(directory, shard), Preferred = null };
            return new Group(with?.Invoke(options) ?? options, Logs[shard], machines[shard], host, _loop, new Random(shard), TimeProvider.System);
        }
    }

    public ShardLogs Logs { get; }

    public Group[] All { get; }

    public Group this[int shard] => All[shard];

    public RunningGroups Start()
    {
        _loop.Start(All);
        return this;
    }

    /// <summary>Starts and waits until this node leads all shards.</summary>
    public async Task<RunningGroups> Lead()
    {
        Start();
        foreach (var group in All)
        {
            for (var changed = group.ViewChanged; !group.Leads; changed = group.ViewChanged)
                await changed;
        }
        return this;
    }

    public void Dispose()
    {
        _loop.Dispose();
        foreach (var group in All)
            group.Dispose();
        Logs.Dispose();
    }
}
