using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>What replication needs of a store: on disk in a node, in memory where schedules are simulated.</summary>
internal interface IReplica
{
    CollectionSet Collections { get; }

    /// <summary>How far each origin's log is applied here, on disk: whoever reads after this reads all of it.</summary>
    VersionVector Vector { get; }

    /// <summary>How far what was read here before this can have been: a moment ahead of <see cref="Vector"/> while a commit comes into sight.</summary>
    VersionVector Shown { get; }

    /// <summary>Completes with the next commit.</summary>
    Task NextChange { get; }

    /// <summary>Runs a change and answers when it is on disk.</summary>
    Task<T> Change<T>(Func<StoreTransaction, T> change, CancellationToken cancellation = default);

    /// <summary>Entries of an origin's log after a number, in order, at most <paramref name="limit"/>.</summary>
    List<LogRow> Log(ReplicaId origin, long after, int limit);

    /// <summary>The first sequence number of an origin that is still in the log, or null when nothing is.</summary>
    long? FirstOf(ReplicaId origin);

    /// <summary>The replicated rows of a key range as they are on disk.</summary>
    List<(StoreKey Key, byte[] Value)> Range(int range);

    /// <summary>Removes the entries of an origin's log up to and including a number.</summary>
    Task Cut(ReplicaId origin, long sequence);
}
