using Hanzo.Commerce.Crdt.Causality;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>What the writer says to its connection, prepared once.</summary>
internal sealed class WriterStatements(SqliteConnection connection) : IDisposable
{
    private bool _syncs = true;

    private readonly SqliteCommand _begin = connection.Prepared("begin immediate");
    private readonly SqliteCommand _commit = connection.Prepared("commit");
    private readonly SqliteCommand _rollback = connection.Prepared("rollback");
    private readonly SqliteCommand _put = connection.Prepared(
        "insert into state values($range, $collection, $key, $value) on conflict do update set value = excluded.value",
        "$range", "$collection", "$key", "$value");
    private readonly SqliteCommand _append = connection.Prepared("insert into log values($origin, $sequence, $body)", "$origin", "$sequence", "$body");
    private readonly SqliteCommand _advance = connection.Prepared(
        "insert into applied values($origin, $sequence) on conflict do update set sequence = excluded.sequence", "$origin", "$sequence");
    private readonly SqliteCommand _cut = connection.Prepared("delete from log where origin = $origin and sequence <= $sequence", "$origin", "$sequence");

    /// <param name="syncs">Whether the commit is to reach the disk, with all before it; else only the operating system.</param>
    public void Begin(bool syncs)
    {
        if (syncs != _syncs)
            connection.Run(syncs ? "pragma synchronous = full" : "pragma synchronous = normal");
        _syncs = syncs;
        _begin.ExecuteNonQuery();
    }

    /// <summary>Returns when the transaction has reached the disk, or the operating system where that was asked for.</summary>
    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    public void Put(StoreKey key, byte[] value)
    {
        var parameters = _put.Parameters;
        parameters[0].Value = key.Range;
        parameters[1].Value = key.Collection;
        parameters[2].Value = key.Key;
        parameters[3].Value = value;
        _put.ExecuteNonQuery();
    }

    public void Append(LogRow row)
    {
        var parameters = _append.Parameters;
        parameters[0].Value = (long)row.Origin.Value;
        parameters[1].Value = row.Sequence;
        parameters[2].Value = row.Body.ToArray();
        _append.ExecuteNonQuery();
    }

    public void Advance(ReplicaId origin, long sequence) => Run(_advance, origin, sequence);

    /// <summary>Removes the log of an origin up to and including a number.</summary>
    public void Cut(ReplicaId origin, long sequence) => Run(_cut, origin, sequence);

    public void Dispose()
    {
        foreach (var command in new[] { _begin, _commit, _rollback, _put, _append, _advance, _cut })
            command.Dispose();
    }

    private static void Run(SqliteCommand command, ReplicaId origin, long sequence)
    {
        command.Parameters[0].Value = (long)origin.Value;
        command.Parameters[1].Value = sequence;
        command.ExecuteNonQuery();
    }
}
