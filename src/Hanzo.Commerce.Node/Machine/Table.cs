using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows by key, never changed in place: a snapshot is a reference, and it is written while later commands already run.
///
/// The rows lie in a hash tree, because nearly every command replaces one row. The keys lie in order beside it, because
/// pages and snapshots need an order that every replica agrees on, and that of hashed strings changes with each process.
/// </summary>
internal sealed class Table<T>
    where T : class
{
    private readonly ImmutableSortedSet<string> _keys;
    private readonly ImmutableDictionary<string, T> _rows;

    private Table(ImmutableSortedSet<string> keys, ImmutableDictionary<string, T> rows) => (_keys, _rows) = (keys, rows);

    public static Table<T> Empty { get; } = new(
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal),
        ImmutableDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal));

    public int Count => _keys.Count;

    /// <summary>Every row in ordinal order of the keys.</summary>
    public IEnumerable<KeyValuePair<string, T>> Rows => _keys.Select(key => KeyValuePair.Create(key, _rows[key]));

    public static Table<T> Of(IEnumerable<KeyValuePair<string, T>> rows)
    {
        var all = rows.ToImmutableDictionary(StringComparer.Ordinal);
        return new Table<T>(all.Keys.ToImmutableSortedSet(StringComparer.Ordinal), all);
    }

    public T? Find(string key) => _rows.GetValueOrDefault(key);

    public Table<T> With(string key, T row) => new(_rows.ContainsKey(key) ? _keys : _keys.Add(key), _rows.SetItem(key, row));

    public Table<T> Without(string key) => new(_keys.Remove(key), _rows.Remove(key));

    /// <summary>
    /// Rows whose key starts with <paramref name="prefix"/>, in order, after the key <paramref name="after"/> (null starts at
    /// the first). Cut by key and not by position, so that rows added meanwhile neither repeat nor hide others.
    /// </summary>
    public ImmutableArray<T> Page(string prefix, string? after, int limit)
    {
        var page = ImmutableArray.CreateBuilder<T>();
        var from = _keys.IndexOf(after ?? prefix);
        for (var i = from < 0 ? ~from : from + 1; i < _keys.Count && page.Count < limit && _keys[i].StartsWith(prefix, StringComparison.Ordinal); i++)
            page.Add(_rows[_keys[i]]);
        return page.ToImmutable();
    }
}
