using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// One statement of the writer, prepared once and bound by place. A command of Microsoft.Data.Sqlite finds its parameters by
/// name and makes a reader each time it runs, which took longer than what SQLite does for a small row (ADR 0153).
/// </summary>
internal sealed class WriterStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public WriterStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
    }

    /// <param name="place">Of the parameter, from 1.</param>
    /// <param name="value">What it is from now on.</param>
    public void Bind(int place, long value) => Check(raw.sqlite3_bind_int64(_statement, place, value));

    /// <inheritdoc cref="Bind(int, long)"/>
    public void Bind(int place, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, place, value));

    /// <summary>As UTF-8.</summary>
    /// <param name="place">Of the parameter, from 1.</param>
    /// <param name="value">At most as long as a key.</param>
    public void Bind(int place, string value)
    {
        Span<byte> utf8 = stackalloc byte[StoreKey.MaxLength];
        Check(raw.sqlite3_bind_text(_statement, place, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
    }

    /// <summary>Runs to the end; what it answers is not looked at.</summary>
    /// <exception cref="SqliteException">It could not be done.</exception>
    public void Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            Check(result);
    }

    /// <summary>The first row that it answers, a number and bytes; null where it answers none.</summary>
    /// <exception cref="SqliteException">It could not be done.</exception>
    public (long Number, byte[] Bytes)? Read()
    {
        var result = raw.sqlite3_step(_statement);
        (long, byte[])? row = result == raw.SQLITE_ROW ? (raw.sqlite3_column_int64(_statement, 0), raw.sqlite3_column_blob(_statement, 1).ToArray()) : null;
        raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            Check(result);
        return row;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
