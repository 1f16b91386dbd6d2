using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The file and its tables. One connection writes, several read; in write-ahead mode neither waits for the other. SQLite syncs
/// its log where copying it asks for that (<c>synchronous=normal</c>), and <see cref="CommitSync"/> does for commits.
/// </summary>
internal static class StoreDatabase
{
    private const string Format = "3";

    /// <summary>How long a connection waits for a lock that another holds, in seconds.</summary>
    private const int LongestWait = 30;

    /// <summary>Before entries of a log shared rows. What lies there stays as it is: an entry by itself still has a row.</summary>
    private const string FormatOfSingleEntries = "2";

    /// <summary>Linux draws it anew at each start of the machine.</summary>
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private const string Schema = """
        create table if not exists meta(name text primary key, value text not null) without rowid;
        create table if not exists state(range integer not null, collection integer not null, key text not null, value blob not null,
            primary key(range, collection, key)) without rowid;
        create table if not exists log(origin integer not null, sequence integer not null, body blob not null,
            primary key(origin, sequence)) without rowid;
        create table if not exists applied(origin integer primary key, sequence integer not null);
        """;

    /// <summary>The write-ahead log, for syncing it. It lives as long as a connection that has written.</summary>
    public static SafeFileHandle OpenLog(StoreOptions options) =>
        File.OpenHandle(FileOf(options) + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public static SqliteConnection Open(StoreOptions options, bool writes)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = FileOf(options),
            // Not ReadOnly for readers: in write-ahead mode a reader takes part in the shared index.
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = LongestWait,
        }.ConnectionString);
        connection.Open();
        // Commands wait by themselves, the writer's statements do not: a reader that meets a half-written index takes the writer's
        // lock for a moment, to look once more (SQLite, walIndexReadHdr).
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"pragma busy_timeout = {LongestWait * 1000}"));
        connection.Run(string.Create(CultureInfo.InvariantCulture,
            $"pragma cache_size = {-(writes ? options.PageCacheBytes : options.PageCacheBytes / 8) / 1024}"));
        connection.Run("pragma temp_store = memory");
        if (!writes)
            connection.Run("pragma query_only = on");
        return connection;
    }

    /// <summary>Makes the tables where they are missing, and checks that the directory is this member's.</summary>
    /// <returns>The origin that this directory's changes are written under, or why it cannot be used.</returns>
    public static (ReplicaId Origin, string? Refusal) Prepare(SqliteConnection connection, StoreOptions options, uint life)
    {
        connection.Run("pragma page_size = 4096");
        connection.Run("pragma journal_mode = wal");
        connection.Run("pragma synchronous = full");
        // The checkpointer copies, beside the writer.
        connection.Run("pragma wal_autocheckpoint = 0");
        connection.Run("pragma journal_size_limit = 67108864");
        connection.Run(Schema);
        var format = connection.Meta("format");
        if (format is null)
        {
            connection.SetMeta("member", options.Member);
            connection.SetMeta("life", life.ToString(CultureInfo.InvariantCulture));
            connection.SetMeta("format", Format);
        }
        else if (format is not (Format or FormatOfSingleEntries))
        {
            return (default, $"{options.Directory} is of format {format}, this program knows {Format}");
        }
        connection.TakeNewLifeAfterPowerCut(life);
        // From here on commits are synced by CommitSync; a life that is taken is on disk before anything is written in it.
        connection.Run("pragma synchronous = normal");
        GatheredLog.Begin(connection.Handle!);
        if (connection.Meta("member") is var member && member != options.Member)
            return (default, $"{options.Directory} belongs to the node {member}, not to {options.Member}");
        if (format == FormatOfSingleEntries)
            connection.SetMeta("format", Format);
        return (Origin.Of(options.Member, uint.Parse(connection.Meta("life")!, CultureInfo.InvariantCulture)), null);
    }

    /// <summary>Everything that was committed is on disk: the origin goes on after the next start, whenever that is.</summary>
    public static void EndInOrder(this SqliteConnection connection) => connection.SetMeta("boot", "");

    /// <summary>
    /// Relaxed commits that a power cut took back may have reached other nodes. Their sequence numbers must not be given out
    /// again, so the member goes on under a new origin, and follows its old one's log from the others like any other.
    /// </summary>
    private static void TakeNewLifeAfterPowerCut(this SqliteConnection connection, uint life)
    {
        var boot = File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "unknown";
        if (connection.Meta("boot") is { Length: > 0 } last && (last != boot || boot == "unknown"))
            connection.SetMeta("life", life.ToString(CultureInfo.InvariantCulture));
        connection.SetMeta("boot", boot);
    }

    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A statement prepared once, with its parameters in the order of <paramref name="names"/>.</summary>
    public static SqliteCommand Prepared(this SqliteConnection connection, string sql, params ReadOnlySpan<string> names)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter(name, null));
        command.Prepare();
        return command;
    }

    private static string FileOf(StoreOptions options) => Path.Combine(options.Directory, "state.db");

    private static string? Meta(this SqliteConnection connection, string name)
    {
        using var command = connection.Prepared("select value from meta where name = $name", "$name");
        command.Parameters[0].Value = name;
        return (string?)command.ExecuteScalar();
    }

    private static void SetMeta(this SqliteConnection connection, string name, string value)
    {
        using var command = connection.Prepared("insert into meta values($name, $value) on conflict do update set value = excluded.value", "$name", "$value");
        command.Parameters[0].Value = name;
        command.Parameters[1].Value = value;
        command.ExecuteNonQuery();
    }
}
