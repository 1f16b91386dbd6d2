using Hanzo.Commerce.Node.Consensus.Log;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>Where and how a node keeps its replicated state.</summary>
internal sealed record StoreOptions
{
    /// <summary>The directory; one process at a time. It is made when it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The node's name among the members; the directory belongs to it from the first start on.</summary>
    public required string Member { get; init; }

    /// <summary>Whether the directory ends with the store. Default false.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>How many bytes of encoded state are held decoded in memory. 1 MiB to 4 GiB; default 64 MiB.</summary>
    public long CacheBytes { get; init; } = 64L << 20;

    /// <summary>How many bytes of pages SQLite holds for the writer. 1 MiB to 4 GiB; default 32 MiB.</summary>
    public long PageCacheBytes { get; init; } = 32L << 20;

    /// <summary>How many changes may share one commit and its fsync. 1 to 10,000; default 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How many changes may wait for the writer; one more waits at its caller. As many may wait for a sync. 1 to 1,000,000; default 4,096.</summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Brings what was written to a file to the disk. Default: fdatasync.</summary>
    public Action<SafeFileHandle> Sync { get; init; } = Disk.SyncContent;
}
