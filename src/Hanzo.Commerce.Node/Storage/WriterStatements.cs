using System.Buffers;
using Hanzo.Commerce.Crdt.Causality;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>What the writer says to its connection, prepared once.</summary>
internal sealed class WriterStatements(SqliteConnection connection) : IDisposable
{
    private readonly WriterStatement _begin = new(connection, "begin immediate");
    private readonly WriterStatement _commit = new(connection, "commit");
    private readonly WriterStatement _rollback = new(connection, "rollback");
    private readonly WriterStatement _put = new(connection, "insert into state values(?1, ?2, ?3, ?4) on conflict do update set value = excluded.value");
    private readonly WriterStatement _append = new(connection, "insert into log values(?1, ?2, ?3)");
    private readonly WriterStatement _advance = new(connection, "insert into applied values(?1, ?2) on conflict do update set sequence = excluded.sequence");
    private readonly WriterStatement _cut = new(connection, "delete from log where origin = ?1 and sequence <= ?2");
    private readonly WriterStatement _first = new(connection, "select sequence, body from log where origin = ?1 order by sequence limit 1");
    private readonly WriterStatement _shorten = new(connection, "update log set body = ?3 where origin = ?1 and sequence = ?2");
    private readonly ArrayBufferWriter<byte> _pack = new();

    public void Begin() => _begin.Run();

    /// <summary>Returns when the operating system has the transaction; it is on disk with the next sync.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Copies the log into the database, as far as that was not done beside.</summary>
    public void Checkpoint() => Checkpointer.Copy(connection);

    public void Rollback() => _rollback.Run();

    public void Put(StoreKey key, byte[] value)
    {
        _put.Bind(1, key.Range);
        _put.Bind(2, key.Collection);
        _put.Bind(3, key.Key);
        _put.Bind(4, value);
        _put.Run();
    }

    /// <param name="rows">Entries that share a row, see <see cref="LogPack"/>.</param>
    public void Append(ReadOnlySpan<LogRow> rows) => PutPack(_append, rows);

    public void Advance(ReplicaId origin, long sequence) => Run(_advance, origin, sequence);

    /// <summary>Removes the log of an origin up to and including a number.</summary>
    public void Cut(ReplicaId origin, long sequence)
    {
        Run(_cut, origin, sequence);
        _first.Bind(1, (long)origin.Value);
        if (_first.Read() is not { } first || LogPack.FirstOf(first.Number, first.Bytes) > sequence)
            return;
        // The number is in the middle of what shares a row. Where that is damaged, nothing of it is left to keep.
        LogRow[] left = [.. LogPack.Read(origin, first.Number, first.Bytes).Where(row => row.Sequence > sequence)];
        if (left.Length > 0)
            PutPack(_shorten, left);
        else
            Run(_cut, origin, first.Number);
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _rollback, _put, _append, _advance, _cut, _first, _shorten })
            statement.Dispose();
    }

    private void PutPack(WriterStatement statement, ReadOnlySpan<LogRow> rows)
    {
        _pack.ResetWrittenCount();
        LogPack.Write(_pack, rows);
        statement.Bind(1, (long)rows[0].Origin.Value);
        statement.Bind(2, rows[^1].Sequence);
        statement.Bind(3, _pack.WrittenSpan);
        statement.Run();
    }

    private static void Run(WriterStatement statement, ReplicaId origin, long sequence)
    {
        statement.Bind(1, (long)origin.Value);
        statement.Bind(2, sequence);
        statement.Run();
    }
}
