using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The numbered fields of a state being read.</summary>
public sealed class StateReader
{
    private readonly List<(int Number, WireReader Content, bool IsAsked)> _fields = [];
    private readonly WireReader _reader;

    private StateReader(WireReader reader) => _reader = reader;

    /// <summary>The content of a field, empty when it is not there.</summary>
    public WireReader Field(int number)
    {
        WireReader? content = null;
        foreach (ref var field in CollectionsMarshal.AsSpan(_fields))
        {
            if (field.Number != number)
                continue;
            if (content is not null)
                Refuse(DecodeProblem.OutOfOrder);
            field.IsAsked = true;
            content = field.Content;
        }
        return content ?? _reader.Nothing();
    }

    /// <summary>
    /// A field that is a whole state, empty when it is not there. When it is there several times it is all of them merged: a
    /// replica that does not know the field cannot merge it, so it keeps both of what two others wrote.
    /// </summary>
    public T State<T>(int number) where T : class, ICrdt<T>
    {
        var state = T.Empty;
        foreach (ref var field in CollectionsMarshal.AsSpan(_fields))
        {
            if (field.Number != number)
                continue;
            field.IsAsked = true;
            state = state.Merge(CrdtCodec.Read<T>(field.Content));
            field.Content.End();
        }
        return state;
    }

    /// <summary>Every field that was not asked for.</summary>
    public UnknownFields Rest()
    {
        var rest = UnknownFields.None;
        foreach (var (number, content, isAsked) in _fields)
        {
            if (!isAsked)
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
                fields._fields.Add((last = (int)number, reader.Nested(), false));
        }
        return fields;
    }
}
