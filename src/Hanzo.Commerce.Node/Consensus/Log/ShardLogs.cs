using System.Runtime.ExceptionServices;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>The logs of a node's shards, and the journal that they share.</summary>
internal sealed class ShardLogs : IDisposable
{
    private readonly Journal _journal;
    private readonly DiskLog[] _logs;
    private bool _isSound;

    /// <param name="directory">Of the journal, and of a directory for each shard.</param>
    /// <param name="founders">Who the members are where a log says nothing.</param>
    /// <param name="journalLength">Octets of each of the journal's two files. 64 KiB to 1 GiB; default 2 MiB.</param>
    /// <param name="segmentLength">Octets of a segment. 64 KiB to 1 GiB; default 4 MiB.</param>
    /// <param name="kept">Entries of a shard that are held in memory at least. Default 16,384.</param>
    /// <exception cref="DamagedLogException">They cannot be used as they are.</exception>
    public ShardLogs(string directory, int shards, Membership founders, long journalLength = 2 << 20, long segmentLength = 4 << 20, int kept = 16_384)
    {
        Directory.CreateDirectory(directory);
        _journal = new Journal(directory, journalLength);
        _logs = new DiskLog[shards];
        try
        {
            Parallel.For(0, shards, shard => _logs[shard] = new DiskLog(DirectoryOf(directory, shard), _journal, shard, founders, segmentLength, kept));
            _journal.Begin(_logs);
            Array.ForEach(_logs, log => log.Begin());
            _isSound = true;
        }
        catch (Exception fault)
        {
            Dispose();
            ExceptionDispatchInfo.Throw(fault is AggregateException faults ? faults.InnerExceptions[0] : fault);
        }
    }

    public DiskLog this[int shard] => _logs[shard];

    /// <summary>How often the journal was synced.</summary>
    public long Syncs => _journal.Syncs;

    public static string DirectoryOf(string directory, int shard) => Path.Combine(directory, $"shard-{shard}");

    /// <summary>Makes everything that was appended to any of them outlast a power cut.</summary>
    /// <exception cref="IOException">What is on the disk is not known any more: the process has to end.</exception>
    public void Sync() => _journal.Sync();

    /// <summary>Leaves everything as it is: after a fault nobody knows what is on the disk, and the next start reads it.</summary>
    public void Abandon() => _isSound = false;

    public void Dispose()
    {
        if (_isSound)
            _journal.Close();
        _journal.Dispose();
        foreach (var log in _logs)
            log?.Dispose();
    }
}
