using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows by key, changed in place; the rows themselves never change, so a row that was found stays as it was.
///
/// The rows lie in a hash table, because nearly every command replaces one row. The keys lie in order beside it, because
/// pages need an order that every replica agrees on, and that of hashed strings changes with each process.
/// </summary>
internal sealed class Table<T>
    where T : class
{
    private readonly SortedSet<string> _keys;
    private readonly Dictionary<string, T> _rows;

    public Table()
        : this([])
    {
    }

    public Table(IEnumerable<KeyValuePair<string, T>> rows)
    {
        _rows = new(rows, StringComparer.Ordinal);
        _keys = new(_rows.Keys, StringComparer.Ordinal);
    }

    public int Count => _rows.Count;

    /// <summary>Every row as it is now, in no order: a copy costs a millisecond for 100,000, and nobody may change the table meanwhile.</summary>
    public KeyValuePair<string, T>[] Copy() => [.. _rows];

    public T? Find(string key) => _rows.GetValueOrDefault(key);

    public void Set(string key, T row)
    {
        var before = _rows.Count;
        _rows[key] = row;
        if (_rows.Count != before)
            _keys.Add(key);
    }

    public void Remove(string key)
    {
        if (_rows.Remove(key))
            _keys.Remove(key);
    }

    /// <summary>
    /// Rows whose key starts with <paramref name="prefix"/>, in order, after the key <paramref name="after"/> (null starts at
    /// the first). Cut by key and not by position, so that rows added meanwhile neither repeat nor hide others.
    /// </summary>
    public ImmutableArray<T> Page(string prefix, string? after, int limit)
    {
        if (_keys.Count == 0 || string.CompareOrdinal(after ?? prefix, _keys.Max) > 0)
            return [];
        var page = ImmutableArray.CreateBuilder<T>();
        foreach (var key in _keys.GetViewBetween(after ?? prefix, _keys.Max))
        {
            if (key == after)
                continue;
            if (page.Count == limit || !key.StartsWith(prefix, StringComparison.Ordinal))
                break;
            page.Add(_rows[key]);
        }
        return page.DrainToImmutable();
    }
}
