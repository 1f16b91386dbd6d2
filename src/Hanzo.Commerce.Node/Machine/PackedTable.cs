using System.Collections;
using System.Collections.Immutable;
using System.Text;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows by key, like <see cref="Table{T}"/>, of which there are so many that they are kept as octets: one is made an object
/// when it is asked for. Their order is that of the keys' UTF-8.
/// </summary>
internal sealed class PackedTable<T>
    where T : class
{
    private readonly Action<RowWriter, T> _write;
    private readonly Func<RowReader, T> _read;
    private readonly RowWriter _row = new(256);
    private readonly PackedRows _rows = new();
    private readonly KeyIndex _index;
    private readonly KeyOrder _order;

    /// <param name="write">A row without its key.</param>
    public PackedTable(Action<RowWriter, T> write, Func<RowReader, T> read) =>
        (_write, _read, _index, _order) = (write, read, new(_rows), new(_rows));

    public int Count => _index.Count;

    /// <summary>The row that came as the one of this number, from 0, while none was removed.</summary>
    public T At(int number) => Read(_rows.ContentOf(number));

    /// <summary>The key of that row.</summary>
    public string KeyAt(int number) => Encoding.UTF8.GetString(_rows.KeyOf(number));

    public T? Find(string key) => _index.Find(key) is { } number ? Read(_rows.ContentOf(number)) : null;

    public void Set(string key, T row)
    {
        _row.Clear();
        _write(_row, row);
        if (_index.Find(key) is { } existing)
        {
            _rows.Replace(existing, _row.Written.Span);
            return;
        }
        var number = _rows.Add(_index.Octets(key), _row.Written.Span);
        _index.Add(number);
        _order.Add(number);
    }

    public void Remove(string key)
    {
        if (_index.Find(key) is not { } number)
            return;
        _order.Remove(number);
        _index.Remove(number);
        _rows.Remove(number);
    }

    /// <summary>
    /// Rows whose key starts with <paramref name="prefix"/>, in order, after the key <paramref name="after"/> (null starts at
    /// the first). Cut by key and not by position, so that rows added meanwhile neither repeat nor hide others.
    /// </summary>
    public ImmutableArray<T> Page(string prefix, string? after, int limit)
    {
        var page = ImmutableArray.CreateBuilder<T>();
        foreach (var number in _order.From(_index.Octets(after ?? prefix)))
        {
            var key = KeyAt(number);
            if (key == after)
                continue;
            if (page.Count == limit || !key.StartsWith(prefix, StringComparison.Ordinal))
                break;
            page.Add(At(number));
        }
        return page.DrainToImmutable();
    }

    /// <summary>Every row as it is now, whatever becomes of the table.</summary>
    public Moment Hold() => new(_rows.Hold(), _read);

    private T Read(ReadOnlySpan<byte> content) => _read(new RowReader(content));

    /// <summary>The rows of a moment.</summary>
    public sealed class Moment(PackedRows.Moment rows, Func<RowReader, T> read) : IEnumerable<KeyValuePair<string, T>>
    {
        public PackedRows.Moment Rows => rows;

        public T this[int number] => read(new RowReader(rows.ContentOf(number)));

        public IEnumerator<KeyValuePair<string, T>> GetEnumerator() =>
            rows.Numbers.Select(number => KeyValuePair.Create(Encoding.UTF8.GetString(rows.KeyOf(number)), this[number])).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
