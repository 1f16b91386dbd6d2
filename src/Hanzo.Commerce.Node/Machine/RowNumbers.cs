namespace Hanzo.Commerce.Node.Machine;

/// <summary>Which row of its kind a row of a snapshot is, from 0: others that mean it say that instead of its key.</summary>
internal sealed class RowNumbers
{
    private readonly Dictionary<object, int> _byRow = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);

    public void Add<T>(KeyValuePair<string, T>[] rows)
        where T : class
    {
        _byRow.EnsureCapacity(_byRow.Count + rows.Length);
        for (var i = 0; i < rows.Length; i++)
            _byRow.Add(rows[i].Value, i);
    }

    public void AddKeys<T>(KeyValuePair<string, T>[] rows)
        where T : class
    {
        _byKey.EnsureCapacity(rows.Length);
        for (var i = 0; i < rows.Length; i++)
            _byKey.Add(rows[i].Key, i);
    }

    /// <summary>Null for an object that is none of the rows, whatever it holds.</summary>
    public int? Of(object row) => _byRow.TryGetValue(row, out var number) ? number : null;

    /// <summary>Null for the key of no row.</summary>
    public int? Of(string key) => _byKey.TryGetValue(key, out var number) ? number : null;
}
