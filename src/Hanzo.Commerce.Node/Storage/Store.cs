using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Sockets;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The replicated state of a node on disk: rows of several collections, and the logs of every origin that not all members
/// have yet. A change is acknowledged when its row and its log entry have reached the disk in one transaction.
/// </summary>
internal sealed class Store : IReplica, IDisposable
{
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly StoreOptions _options;
    private readonly StoreReader _writersReader;
    private readonly StoreReader.Pool _readers;
    private readonly StateCache _cache;
    private readonly StoreWriter _writer;
    private readonly StoreMetrics _metrics;
    private readonly ILogger _log;
    private readonly RangeDigests _digests = new();
    private readonly ChangeSignal _changes = new();
    private readonly Frontier _frontier;
    private bool _isDisposed;

    private Store(FileStream directoryLock, SqliteConnection connection, ReplicaId self, StoreOptions options, CollectionSet collections,
        Func<HybridTime> nextStamp, StoreMetrics metrics, TimeProvider time, ILogger log)
    {
        (_lock, _connection, _options, _metrics, _log, Self, Collections) = (directoryLock, connection, options, metrics, log, self, collections);
        _readers = new StoreReader.Pool(options, collections);
        _cache = new StateCache(options.CacheBytes, collections);
        _writersReader = new StoreReader(connection, collections);
        _frontier = new Frontier(_writersReader.Applied());
        _writer = new StoreWriter(connection, options, collections, new StoreTransaction(collections, self, ReadRow, nextStamp), _frontier, Committed, Held, metrics, time, log);
    }

    /// <summary>The origin of what is changed here.</summary>
    public ReplicaId Self { get; }

    public CollectionSet Collections { get; }

    /// <summary>Where the state lies.</summary>
    public string DataDirectory => _options.Directory;

    /// <inheritdoc/>
    public VersionVector Vector => _frontier.Held;

    /// <inheritdoc/>
    public VersionVector Shown => _frontier.Shown;

    /// <summary>Completes with the next commit.</summary>
    public Task NextChange => _changes.Next;

    /// <summary>Opens the store of a directory, or says why it cannot be used.</summary>
    /// <param name="life">Drawn at random: names the life of a disk that has none yet.</param>
    /// <param name="nextStamp">Hybrid logical time of this node, later with every call.</param>
    public static (Store? Store, string? Refusal) Open(StoreOptions options, CollectionSet collections, uint life, Func<HybridTime> nextStamp,
        StoreMetrics metrics, TimeProvider time, ILogger log)
    {
        FileStream directoryLock;
        try
        {
            Directory.CreateDirectory(options.Directory);
            directoryLock = new FileStream(Path.Combine(options.Directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return (null, refused.Message);
        }
        var connection = StoreDatabase.Open(options, writes: true);
        var (self, refusal) = StoreDatabase.Prepare(connection, options, life);
        if (refusal is not null)
        {
            connection.Dispose();
            directoryLock.Dispose();
            return (null, refusal);
        }
        return (new Store(directoryLock, connection, self, options, collections, nextStamp, metrics, time, log), null);
    }

    /// <summary>Runs a change and answers when it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">The disk did not take it; nothing of it was kept.</exception>
    public Task<T> Change<T>(Func<StoreTransaction, T> change, CancellationToken cancellation = default) => Run(new StoreWork<T>(change), cancellation);

    /// <summary>Runs a change and answers when the operating system has it: a power cut may take it back, a killed process does not.</summary>
    /// <exception cref="StoreUnavailableException">The disk did not take it; nothing of it was kept.</exception>
    public Task<T> ChangeRelaxed<T>(Func<StoreTransaction, T> change, CancellationToken cancellation) =>
        Run(new StoreWork<T>(change) { IsRelaxed = true }, cancellation);

    private Task<T> Run<T>(StoreWork<T> work, CancellationToken cancellation)
    {
        var taken = _writer.Enqueue(work, cancellation);
        return taken.IsCompletedSuccessfully ? work.Done : Wait(taken, work);

        static async Task<T> Wait(ValueTask taken, StoreWork<T> work)
        {
            await taken;
            return await work.Done;
        }
    }

    /// <summary>The state of a row as last committed, or null when there is none. Where memory does not know it, the pool asks the disk.</summary>
    public ValueTask<object?> Find(ICollection collection, string key)
    {
        return _cache.TryFind(new StoreKey(collection.Id, key), out var cached, out _) ? new(cached.State) : Elsewhere();

        async ValueTask<object?> Elsewhere()
        {
            await SocketThread.Leave();
            return Read(collection, key);
        }
    }

    /// <summary>The same at once: it waits for the disk.</summary>
    public object? Read(ICollection collection, string key)
    {
        var storeKey = new StoreKey(collection.Id, key);
        if (_cache.TryFind(storeKey, out var cached, out var commits))
            return cached.State;
        var row = Look(reader => reader.Row(storeKey));
        _cache.Found(storeKey, row, commits);
        return row.State;
    }

    /// <summary>Waits until everything that <paramref name="vector"/> has seen is here.</summary>
    public async Task Covers(VersionVector vector, CancellationToken cancellation)
    {
        while (true)
        {
            var next = NextChange;
            if (Vector.Covers(vector))
                return;
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>Reads from disk, past the cache, and waits for it.</summary>
    public T Look<T>(Func<StoreReader, T> read)
    {
        SocketThread.AssertLeft();
        var found = _readers.Use(read);
        _frontier.ReadFromDisk();
        return found;
    }

    /// <inheritdoc/>
    public List<LogRow> Log(ReplicaId origin, long after, int limit) => Look(reader => reader.Log(origin, after, limit));

    /// <inheritdoc/>
    public long? FirstOf(ReplicaId origin) => Look(reader => reader.FirstOf(origin));

    /// <inheritdoc/>
    public List<(StoreKey Key, byte[] Value)> Range(int range) => Look(reader => reader.Range(range));

    /// <summary>The digest of a key range, or null when it was not yet read from disk.</summary>
    public ulong? DigestOf(int range) => _digests[range];

    /// <summary>Reads a key range from disk and takes its digest, between commits.</summary>
    public Task Digest(int range) => Between(_ =>
    {
        var sum = 0UL;
        foreach (var (key, value) in _writersReader.Range(range))
            sum = unchecked(sum + Row.DigestOf(key, value));
        if (_digests.Read(range, sum))
            return;
        // What memory still holds of it would hide the damage until the next start.
        _cache.Clear();
        _metrics.RangeDamaged();
        _log.RangeDamaged(range);
    });

    /// <summary>Removes the entries of an origin's log up to and including a number.</summary>
    public Task Cut(ReplicaId origin, long sequence) => Between(statements => statements.Cut(origin, sequence));

    /// <summary>May be called again: a container disposes of what it knows under two names twice.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _writer.Stop();
        _connection.EndInOrder();
        _writersReader.Dispose();
        _readers.Dispose();
        _connection.Dispose();
        _lock.Dispose();
        if (_options.IsTemporary)
            Directory.Delete(_options.Directory, recursive: true);
    }

    private async Task Between(Action<WriterStatements> act)
    {
        var work = new BetweenWork(act);
        await _writer.Enqueue(work, CancellationToken.None);
        await work.Done;
    }

    private Row ReadRow(StoreKey key) => _cache.TryFind(key, out var row, out _) ? row : _writersReader.Row(key);

    private void Committed(StoreTransaction transaction, List<(StoreKey Key, Row Row)> written)
    {
        _frontier.Show(transaction.Vector);
        foreach (var (key, row) in written)
        {
            _digests.Changed(key, transaction.Rows[key].DigestBefore, row.Digest);
            _cache.Committed(key, row);
            Collections[key.Collection].Committed(key.Key, row.State!);
        }
    }

    private void Held(VersionVector vector)
    {
        if (Vector.Equals(vector))
            return;
        _frontier.Hold(vector);
        _changes.Raise();
    }
}
