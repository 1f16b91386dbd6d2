namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The numbered fields of a state being written.</summary>
public sealed class StateWriter
{
    /// <summary>Bytes of a field's number and length at most.</summary>
    private const int MostHead = 10;

    private readonly List<(int Number, WireWriter Content)> _fields = new(2);
    private UnknownFields _unknown = UnknownFields.None;

    internal StateWriter()
    {
    }

    /// <summary>The content of a field.</summary>
    /// <param name="number">1 or more, once each. A number that was given up is never given again.</param>
    public WireWriter Field(int number) => Field(number, ReplicaTable.Empty);

    /// <summary>A field that is a whole state.</summary>
    public void State<T>(int number, T state) where T : class, ICrdt<T> => CrdtCodec.Write(Field(number), state);

    /// <summary>What a later version wrote goes out again.</summary>
    public void Unknown(UnknownFields fields) => _unknown = fields;

    internal WireWriter Field(int number, ReplicaTable replicas)
    {
        var content = new WireWriter(replicas);
        _fields.Add((number, content));
        return content;
    }

    internal void WriteTo(WireWriter writer)
    {
        // Of a number there is either one field that is known here or several that are not, in their own order.
        foreach (var (number, content) in _unknown.All)
            Field(number).Raw(content.AsSpan());
        var ordered = IsAscending() ? _fields : [.. _fields.OrderBy(field => field.Number)];
        writer.Reserve(ordered.Sum(static field => field.Content.Written.Length + MostHead));
        foreach (var (number, content) in ordered)
        {
            writer.Count(number);
            writer.Bytes(content.Written);
        }
    }

    /// <summary>As a rule; to sort takes as long as to write.</summary>
    private bool IsAscending()
    {
        for (var i = 1; i < _fields.Count; i++)
        {
            if (_fields[i].Number < _fields[i - 1].Number)
                return false;
        }
        return true;
    }
}
