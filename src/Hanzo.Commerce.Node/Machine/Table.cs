using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows by key, changed in place; the rows themselves never change, so a row that was found stays as it was.
///
/// The rows lie in pages, so that all of them can be held as they are at a moment. A hash table says where, because nearly
/// every command replaces one row. The keys lie in order beside it, because pages of an answer need an order that every
/// replica agrees on, and that of hashed strings changes with each process.
/// </summary>
internal sealed class Table<T>
    where T : class
{
    private readonly SortedSet<string> _keys;
    private readonly Dictionary<string, int> _places;
    private readonly Pages<KeyValuePair<string, T>> _rows = new();
    private readonly Stack<int> _free = [];

    public Table()
        : this([])
    {
    }

    /// <param name="rows">None of them twice.</param>
    public Table(IReadOnlyCollection<KeyValuePair<string, T>> rows)
    {
        _places = new(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            _places.Add(row.Key, _rows.Count);
            _rows.Add(row);
        }
        // Built at once: ten times sooner than key by key.
        _keys = new(rows.Select(row => row.Key), StringComparer.Ordinal);
    }

    public int Count => _places.Count;

    /// <summary>Every row as it is now, in no order, whatever becomes of the table.</summary>
    public IEnumerable<KeyValuePair<string, T>> Hold() => _rows.Hold().Where(row => row.Key is not null);

    public T? Find(string key) => _places.TryGetValue(key, out var place) ? _rows[place].Value : null;

    public void Set(string key, T row)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _rows[place] = new(_rows[place].Key, row);
            return;
        }
        _keys.Add(key);
        if (_free.TryPop(out place))
        {
            _rows[place] = new(key, row);
        }
        else
        {
            place = _rows.Count;
            _rows.Add(new(key, row));
        }
        _places.Add(key, place);
    }

    public void Remove(string key)
    {
        if (!_places.Remove(key, out var place))
            return;
        _rows[place] = default;
        _free.Push(place);
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
            page.Add(Find(key)!);
        }
        return page.DrainToImmutable();
    }
}
