namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The numbered fields of a state being read.</summary>
public sealed class StateReader
{
    private readonly List<(int Number, WireReader Content)> _fields = [];
    private readonly HashSet<int> _asked = [];
    private readonly WireReader _reader;

    private StateReader(WireReader reader) => _reader = reader;

    /// <summary>The content of a field, empty when it is not there.</summary>
    public WireReader Field(int number) => Field(number, ReplicaTable.Empty);

    /// <summary>
    /// A field that is a whole state, empty when it is not there. When it is there several times it is all of them merged: a
    /// replica that does not know the field cannot merge it, so it keeps both of what two others wrote.
    /// </summary>
    public T State<T>(int number) where T : class, ICrdt<T>
    {
        _asked.Add(number);
        var state = T.Empty;
        foreach (var (_, content) in _fields.Where(field => field.Number == number))
        {
            state = state.Merge(CrdtCodec.Read<T>(content));
            content.End();
        }
        return state;
    }

    /// <summary>Every field that was not asked for.</summary>
    public UnknownFields Rest()
    {
        var rest = UnknownFields.None;
        foreach (var (number, content) in _fields)
        {
            if (!_asked.Contains(number))
                rest = rest.Merge(UnknownFields.One(number, content.Rest()));
        }
        return rest;
    }

    /// <summary>These bytes are no state.</summary>
    public void Refuse(DecodeProblem problem) => _reader.Refuse(problem);

    internal static StateReader Of(WireReader reader)
    {
        var fields = new StateReader(reader);
        for (var last = 1; !reader.AtEnd;)
        {
            var number = reader.Varint();
            if (number < (ulong)last || number > int.MaxValue)
                reader.Refuse(DecodeProblem.OutOfOrder);
            else
                fields._fields.Add((last = (int)number, reader.Nested(ReplicaTable.Empty)));
        }
        return fields;
    }

    internal WireReader Field(int number, ReplicaTable replicas)
    {
        _asked.Add(number);
        var content = _reader.Nothing();
        var found = 0;
        foreach (var field in _fields)
        {
            if (field.Number != number)
                continue;
            content = field.Content;
            found++;
        }
        if (found > 1)
            Refuse(DecodeProblem.OutOfOrder);
        return content.With(replicas);
    }
}
