using System.Collections.Immutable;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Api;

/// <summary>
/// Takes an object of a request body apart member by member, notes everything that is wrong with it, and at the end every
/// member that nobody asked for: a misspelt optional member must not be ignored in silence.
/// </summary>
internal sealed class ObjectReading
{
    // Bodies have few members: to look through them takes less than to make a table of them.
    private readonly List<JsonProperty> _unread = [];
    private readonly string _pointer;
    private readonly List<FieldError> _errors;

    public ObjectReading(JsonElement element, string pointer, List<FieldError> errors)
    {
        (_pointer, _errors) = (pointer, errors);
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new FieldError(pointer, "wrong_type", "An object is expected here."));
            IsObject = false;
            return;
        }
        foreach (var member in element.EnumerateObject())
            _unread.Add(member);
    }

    /// <summary>False when something else stands where the object should be; then nothing of it is missed.</summary>
    public bool IsObject { get; } = true;

    /// <summary>Whether a member is there and not read yet.</summary>
    public bool Has(string name) => PlaceOf(name) >= 0;

    /// <summary>A member that may be absent.</summary>
    public string? OptionalText(string name, Func<string, bool> accepts, string expected) =>
        Has(name) ? Text(name, accepts, expected) : null;

    public string Text(string name, Func<string, bool> accepts, string expected)
    {
        if (Take(name, JsonValueKind.String, expected, ", as a string") is not { } element)
            return "";
        var text = element.GetString()!;
        if (!accepts(text))
            Note(name, "invalid_value", $"{expected} is expected here.");
        return text;
    }

    public long WholeNumber(string name, Func<long, bool> accepts, string expected)
    {
        if (Take(name, JsonValueKind.Number, expected) is not { } element)
            return 0;
        if (!element.TryGetInt64(out var number) || !accepts(number))
            Note(name, "invalid_value", $"{expected} is expected here.");
        return number;
    }

    /// <summary>A member that may be absent.</summary>
    public long? OptionalWholeNumber(string name, Func<long, bool> accepts, string expected) =>
        Has(name) ? WholeNumber(name, accepts, expected) : null;

    /// <summary>A list of 1 to <paramref name="most"/> objects.</summary>
    public ImmutableArray<T> Objects<T>(string name, int most, Func<ObjectReading, T> read)
    {
        if (Take(name, JsonValueKind.Array, $"A list of 1 to {most} objects") is not { } element)
            return [];
        if (element.GetArrayLength() is var length && (length == 0 || length > most))
        {
            Note(name, "invalid_value", $"A list of 1 to {most} objects is expected here.");
            return [];
        }
        var values = ImmutableArray.CreateBuilder<T>(length);
        foreach (var item in element.EnumerateArray())
        {
            var inner = new ObjectReading(item, $"{PointerTo(name)}/{values.Count}", _errors);
            values.Add(read(inner));
            inner.End();
        }
        return values.MoveToImmutable();
    }

    /// <summary>A list of 0 to <paramref name="most"/> objects, or nothing.</summary>
    public ImmutableArray<T> OptionalObjects<T>(string name, int most, Func<ObjectReading, T> read) =>
        PlaceOf(name) is var place && (place < 0 || TakeEmpty(place)) ? [] : Objects(name, most, read);

    /// <summary>An object of texts under names that are not known before; or nothing.</summary>
    public ImmutableSortedDictionary<string, string> OptionalTexts(string name, int most, Func<string, bool> acceptsName, Func<string, bool> accepts, string expected)
    {
        var values = OptionalValues(name, most, (member, value) => value.ValueKind == JsonValueKind.String && acceptsName(member) && accepts(value.GetString()!), expected);
        return values.ToImmutableSortedDictionary(member => member.Key, member => member.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>An object whose members are not known before; or nothing.</summary>
    public Dictionary<string, JsonElement> OptionalValues(string name, int most, Func<string, JsonElement, bool> accepts, string expected)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (!Has(name) || Take(name, JsonValueKind.Object, expected) is not { } element)
            return values;
        foreach (var member in element.EnumerateObject())
        {
            if (values.Count < most && accepts(member.Name, member.Value))
                values.Add(member.Name, member.Value);
            else
                _errors.Add(new FieldError($"{PointerTo(name)}/{Escape(member.Name)}", "invalid_value", $"At most {most} are expected here: {expected}."));
        }
        return values;
    }

    /// <summary>A member that may be there and is not looked at.</summary>
    public void Pass(string name)
    {
        if (PlaceOf(name) is >= 0 and var place)
            _unread.RemoveAt(place);
    }

    /// <summary>Notes that a member that was read cannot be what it is.</summary>
    public void Refuse(string name, string detail) => Note(name, "invalid_value", detail);

    /// <summary>A list of 1 to <paramref name="most"/> strings.</summary>
    public ImmutableArray<string> Texts(string name, int most, Func<string, bool> accepts, string expected)
    {
        if (Take(name, JsonValueKind.Array, $"A list of 1 to {most} strings") is not { } element)
            return [];
        if (element.GetArrayLength() is var length && (length == 0 || length > most))
            Note(name, "invalid_value", $"A list of 1 to {most} strings is expected here.");
        else if (element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && accepts(item.GetString()!)))
            return [.. element.EnumerateArray().Select(item => item.GetString()!)];
        else
            Note(name, "invalid_value", $"{expected} is expected in every place.");
        return [];
    }

    public T Object<T>(string name, Func<ObjectReading, T> read)
        where T : struct
    {
        if (Take(name, JsonValueKind.Object, "An object") is not { } element)
            return default;
        var inner = new ObjectReading(element, PointerTo(name), _errors);
        var value = read(inner);
        inner.End();
        return value;
    }

    /// <summary>Notes the members that were not asked for.</summary>
    public void End()
    {
        foreach (var member in _unread)
            Note(member.Name, "unknown_member", "This member is not known here.");
    }

    private JsonElement? Take(string name, JsonValueKind kind, string expected, string form = "")
    {
        if (!IsObject)
            return null;
        var place = PlaceOf(name);
        if (place < 0)
        {
            Note(name, "missing_member", $"{expected}{form} is required here.");
            return null;
        }
        var element = _unread[place].Value;
        _unread.RemoveAt(place);
        if (element.ValueKind == kind)
            return element;
        Note(name, "wrong_type", $"{expected}{form} is expected here.");
        return null;
    }

    private int PlaceOf(string name)
    {
        for (var place = 0; place < _unread.Count; place++)
        {
            if (_unread[place].NameEquals(name))
                return place;
        }
        return -1;
    }

    private bool TakeEmpty(int place)
    {
        var isEmpty = _unread[place].Value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0;
        if (isEmpty)
            _unread.RemoveAt(place);
        return isEmpty;
    }

    private void Note(string name, string code, string detail) => _errors.Add(new FieldError(PointerTo(name), code, detail));

    private string PointerTo(string name) => $"{_pointer}/{Escape(name)}";

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
