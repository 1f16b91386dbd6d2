using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Copies SQLite's write-ahead log into the database beside the writer, which else stands still for it. The log can begin anew
/// only when all of it was copied and nothing was added meanwhile, which while changes come is never: so the rest, which came
/// during the copy, is left to the writer between two commits. It is short.
/// </summary>
internal sealed class Checkpointer
{
    /// <summary>Rows written between two copies: about a second's writing at full speed, and some 64 MB of log.</summary>
    private const int Rows = 12_000;

    /// <summary>The log grows while it is copied; a second copy leaves less to the writer.</summary>
    private const int Rounds = 2;

    private readonly StoreOptions _options;
    private readonly Action _finish;
    private readonly ILogger _log;
    private readonly Thread _thread;
    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private int _rows;
    private bool _isOver;

    /// <param name="finish">Lets the writer copy the rest when it is between two commits.</param>
    public Checkpointer(StoreOptions options, Action finish, ILogger log)
    {
        (_options, _finish, _log) = (options, finish, log);
        _thread = new Thread(Loop) { Name = "store checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>So many rows were written to the log.</summary>
    public void Wrote(int rows)
    {
        lock (_gate)
        {
            _rows += rows;
            if (_rows >= Rows)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns when the thread has ended.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
    }

    /// <summary>Copies what no reader is in the way of.</summary>
    public static void Copy(SqliteConnection connection) => connection.Run("pragma wal_checkpoint(passive)");

    private void Loop()
    {
        using var connection = StoreDatabase.Open(_options, writes: true);
        while (IsDue())
        {
            try
            {
                for (var round = 0; round < Rounds; round++)
                    Copy(connection);
                _finish();
            }
            catch (SqliteException failure)
            {
                // The log has all of it, and the next copy begins where this one ended.
                _log.NotCopied(failure);
            }
        }
    }

    private bool IsDue()
    {
        lock (_gate)
        {
            while (_rows < Rows && !_isOver)
                Monitor.Wait(_gate);
            _rows = 0;
            return !_isOver;
        }
    }
}
