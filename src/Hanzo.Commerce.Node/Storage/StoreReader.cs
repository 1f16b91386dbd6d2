using System.Collections.Concurrent;
using Hanzo.Commerce.Crdt.Causality;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>Reads rows and logs beside the writer. Each reader has a connection of its own and serves one caller at a time.</summary>
internal sealed class StoreReader(SqliteConnection connection, CollectionSet collections) : IDisposable
{
    private readonly SqliteCommand _row = connection.Prepared(
        "select value from state where range = $range and collection = $collection and key = $key", "$range", "$collection", "$key");
    private readonly SqliteCommand _log = connection.Prepared(
        "select sequence, body from log where origin = $origin and sequence > $after order by sequence", "$origin", "$after");
    private readonly SqliteCommand _first = connection.Prepared("select sequence, body from log where origin = $origin order by sequence limit 1", "$origin");
    private readonly SqliteCommand _applied = connection.Prepared("select origin, sequence from applied");
    private readonly SqliteCommand _range = connection.Prepared(
        "select collection, key, value from state where range = $range and collection < 128", "$range");
    private readonly SqliteCommand _collection = connection.Prepared("select key, value from state where collection = $collection", "$collection");

    /// <summary>The row as it is on disk. One that encodes nothing is told as missing: anti-entropy brings it back.</summary>
    public Row Row(StoreKey key)
    {
        _row.Parameters[0].Value = key.Range;
        _row.Parameters[1].Value = key.Collection;
        _row.Parameters[2].Value = key.Key;
        if (_row.ExecuteScalar() is not byte[] value)
            return Storage.Row.None;
        var digest = key.Collection < ICollection.FirstLocal ? Storage.Row.DigestOf(key, value) : 0;
        return new Row(collections[key.Collection].Decode(value), value, digest);
    }

    /// <summary>Entries of an origin's log after a number, in order, at most <paramref name="limit"/>.</summary>
    public List<LogRow> Log(ReplicaId origin, long after, int limit)
    {
        _log.Parameters[0].Value = (long)origin.Value;
        _log.Parameters[1].Value = after;
        var rows = new List<LogRow>();
        using var reader = _log.ExecuteReader();
        while (rows.Count < limit && reader.Read())
            rows.AddRange(LogPack.Read(origin, reader.GetInt64(0), (byte[])reader.GetValue(1)).Where(row => row.Sequence > after).Take(limit - rows.Count));
        return rows;
    }

    /// <summary>The first sequence number of an origin that is still in the log, or null when nothing is.</summary>
    public long? FirstOf(ReplicaId origin)
    {
        _first.Parameters[0].Value = (long)origin.Value;
        using var reader = _first.ExecuteReader();
        return reader.Read() ? LogPack.FirstOf(reader.GetInt64(0), (byte[])reader.GetValue(1)) : null;
    }

    public VersionVector Applied()
    {
        var vector = VersionVector.Empty;
        using var reader = _applied.ExecuteReader();
        while (reader.Read())
            vector = vector.With(new ReplicaId((ulong)reader.GetInt64(0)), reader.GetInt64(1));
        return vector;
    }

    /// <summary>The replicated rows of a key range as they are on disk.</summary>
    public List<(StoreKey Key, byte[] Value)> Range(int range)
    {
        _range.Parameters[0].Value = range;
        var rows = new List<(StoreKey, byte[])>();
        using var reader = _range.ExecuteReader();
        while (reader.Read())
            rows.Add((new StoreKey((byte)reader.GetInt64(0), reader.GetString(1)), (byte[])reader.GetValue(2)));
        return rows;
    }

    /// <summary>Every row of a collection, in no order; reads the whole table.</summary>
    public IEnumerable<(string Key, object State)> All(ICollection collection)
    {
        _collection.Parameters[0].Value = collection.Id;
        using var reader = _collection.ExecuteReader();
        while (reader.Read())
        {
            if (collection.Decode((byte[])reader.GetValue(1)) is { } state)
                yield return (reader.GetString(0), state);
        }
    }

    public void Dispose()
    {
        foreach (var command in new[] { _row, _log, _first, _applied, _range, _collection })
            command.Dispose();
        connection.Dispose();
    }

    /// <summary>Readers that wait for callers. There are as many as ever read at once.</summary>
    internal sealed class Pool(StoreOptions options, CollectionSet collections) : IDisposable
    {
        private readonly ConcurrentBag<StoreReader> _idle = [];

        public T Use<T>(Func<StoreReader, T> read)
        {
            var reader = _idle.TryTake(out var idle) ? idle : new StoreReader(StoreDatabase.Open(options, writes: false), collections);
            try
            {
                return read(reader);
            }
            finally
            {
                _idle.Add(reader);
            }
        }

        public void Dispose()
        {
            while (_idle.TryTake(out var reader))
                reader.Dispose();
        }
    }
}
