using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Serving;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Group commit: one thread takes everything that waits, runs it one after another and writes it in one transaction, which
/// another thread syncs and answers. While it does, the next group is run.
/// </summary>
internal sealed class StoreWriter
{
    /// <summary>How long a group may gather; on a fast disk a commit takes about as long.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly StoreQueue _queue;
    private readonly SqliteConnection _connection;
    private readonly StoreOptions _options;
    private readonly CollectionSet _collections;
    private readonly StoreTransaction _transaction;
    private readonly Frontier _frontier;
    private readonly Action<StoreTransaction, List<(StoreKey, Row)>> _committed;
    private readonly StoreMetrics _metrics;
    private readonly ILogger _log;
    private readonly CommitSync _sync;
    private readonly Checkpointer _checkpointer;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly List<StoreWork> _batch = [];
    private readonly List<StoreWork> _kept = [];
    private readonly List<(StoreKey, Row)> _written = [];
    private VersionVector _vector;

    public StoreWriter(SqliteConnection connection, StoreOptions options, CollectionSet collections, StoreTransaction transaction, Frontier frontier,
        Action<StoreTransaction, List<(StoreKey, Row)>> committed, Action<VersionVector> held, StoreMetrics metrics, TimeProvider time, ILogger log)
    {
        (_connection, _options, _collections, _transaction, _frontier, _vector) = (connection, options, collections, transaction, frontier, frontier.Held);
        (_committed, _metrics, _time, _log) = (committed, metrics, time, log);
        _queue = new StoreQueue(options.QueueLength, Moment, () => _sync!.Unanswered);
        _sync = new CommitSync(options, held, _queue.Answered, metrics, time, log);
        _checkpointer = new Checkpointer(options, FinishCheckpoint, log);
        _thread = new Thread(Loop) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    public ValueTask Enqueue(StoreWork work, CancellationToken cancellation) => _queue.Put(work, cancellation);

    /// <summary>Takes no more, finishes what waits, and returns when the thread has ended.</summary>
    public void Stop()
    {
        _checkpointer.Stop();
        _queue.End();
        _thread.Join();
        _sync.Stop();
    }

    /// <summary>In its turn, as soon as the writer comes to it.</summary>
    private void FinishCheckpoint() => _ = _queue.Put(new BetweenWork(statements => statements.Checkpoint()), CancellationToken.None).AsTask();

    private void Loop()
    {
        using var statements = new WriterStatements(_connection);
        while (_queue.Wait())
        {
            _batch.Clear();
            BetweenWork? between = null;
            while (_batch.Count < _options.BatchSize && _queue.TryTake(out var work))
            {
                if ((between = work as BetweenWork) is not null)
                    break;
                _batch.Add(work);
            }
            if (_batch.Count > 0)
                RunGroup(statements);
            if (between is not null)
                RunAlone(between, statements);
        }
    }

    private void RunGroup(WriterStatements statements)
    {
        try
        {
            Run(statements, _time.GetTimestamp());
        }
        catch (SqliteException failure)
        {
            GiveBack(statements, failure);
        }
    }

    private static void RunAlone(BetweenWork work, WriterStatements statements)
    {
        try
        {
            work.Act(statements);
            work.Complete();
        }
        catch (SqliteException failure)
        {
            work.Fail(new StoreUnavailableException("The store could not do this now.", failure));
        }
    }

    private void Run(WriterStatements statements, long start)
    {
        if (_sync.Failure is { } failure)
        {
            foreach (var work in _batch)
                work.Fail(new StoreUnavailableException("The store takes nothing until the node is started again.", failure));
            return;
        }
        _transaction.BeginBatch(_vector);
        _kept.Clear();
        _written.Clear();
        foreach (var work in _batch)
            Run(work);
        if (_kept.Count == 0)
            return;
        var (strict, relaxed) = (new List<StoreWork>(_kept.Count), new List<StoreWork>());
        foreach (var work in _kept)
            (work.IsRelaxed ? relaxed : strict).Add(work);
        var writes = !_transaction.Log.IsEmpty || !_transaction.Vector.Equals(_vector) || _transaction.Rows.Values.Any(row => row.IsChanged);
        if (writes)
        {
            statements.Begin();
            Write(statements);
            _frontier.Expect(_transaction.Vector);
            statements.Commit();
        }
        _vector = _transaction.Vector;
        _committed(_transaction, _written);
        // What wrote nothing has perhaps seen what is not yet synced, and is answered after it.
        _sync.Add(new CommittedGroup(_vector, strict, _kept.Count, writes && strict.Count > 0, start));
        PoolThreads.Tell(relaxed, static work => work.Complete());
        _checkpointer.Wrote(_written.Count + 1);
    }

    private void Run(StoreWork work)
    {
        _transaction.BeginCaller();
        try
        {
            work.Run(_transaction);
            _transaction.EndCaller();
            _kept.Add(work);
        }
        catch (Exception fault) when (fault is not SqliteException)
        {
            work.Fail(fault);
        }
    }

    private void Write(WriterStatements statements)
    {
        foreach (var (key, row) in _transaction.Rows)
        {
            if (!row.IsChanged)
                continue;
            var value = _collections[key.Collection].Encode(row.State!);
            statements.Put(key, value);
            var digest = key.Collection < ICollection.FirstLocal ? Row.DigestOf(key, value) : 0;
            _written.Add((key, new Row(row.State, value, digest)));
        }
        for (var log = _transaction.Log; !log.IsEmpty;)
        {
            var count = LogPack.CountOf(log);
            statements.Append(log[..count]);
            log = log[count..];
        }
        foreach (var (origin, sequence) in _transaction.Skipped)
            statements.Cut(origin, sequence);
        foreach (var (origin, sequence) in _transaction.Vector.Entries)
        {
            if (sequence != _vector[origin])
                statements.Advance(origin, sequence);
        }
    }

    /// <summary>The disk is full or fails: nothing of the batch is kept, and every caller learns it.</summary>
    private void GiveBack(WriterStatements statements, SqliteException failure)
    {
        _log.CommitFailed(failure, _batch.Count);
        _metrics.CommitFailed();
        _frontier.Expect(null);
        try
        {
            statements.Rollback();
        }
        catch (SqliteException none)
        {
            // SQLite has rolled back by itself, which it does on some failures and not on others.
            _log.RolledBackAlready(none.SqliteErrorCode);
        }
        foreach (var work in _batch)
            work.Fail(new StoreUnavailableException("The store could not write.", failure));
    }
}
