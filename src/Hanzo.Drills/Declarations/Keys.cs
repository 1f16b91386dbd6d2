using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Declarations;

/// <summary>The keys of a mapping. <see cref="End"/> tells every one that nobody took.</summary>
internal sealed class Keys(YamlMappingNode mapping, string path, Problems problems, Item whole)
{
    private readonly List<string> _known = [];

    public Item? Optional(string key)
    {
        _known.Add(key);
        var entry = mapping.Children.FirstOrDefault(child => child.Key is YamlScalarNode scalar && scalar.Value == key);
        return entry.Value is { } value ? new Item(value, PathOf(key), problems) : null;
    }

    /// <summary>Null, and told, when it is missing.</summary>
    public Item? Required(string key)
    {
        var item = Optional(key);
        if (item is null)
            whole.Wrong($"the key '{key}' is missing");
        return item;
    }

    /// <summary>The first of the keys that is there, to be used where exactly one of them decides what this is.</summary>
    public (string Key, Item Item)? Decider(IReadOnlyCollection<string> keys)
    {
        var found = keys.Select(key => (Key: key, Item: Optional(key))).Where(entry => entry.Item is not null).Take(2).ToList();
        if (found.Count == 1)
            return (found[0].Key, found[0].Item!);
        if (found.Count == 2)
            found[1].Item!.Wrong($"'{found[0].Key}' stands here already; only one of them may");
        else
            whole.Wrong($"one of these keys is missing: {string.Join(", ", keys)}");
        return null;
    }

    /// <summary>Everything was taken that is known here.</summary>
    public void End()
    {
        foreach (var (key, _) in mapping.Children)
        {
            var name = $"{key}";
            if (_known.Contains(name))
                continue;
            var nearest = _known.MinBy(known => Distance(known, name));
            var hint = nearest is not null && Distance(nearest, name) <= 2 ? $"did you mean '{nearest}'?" : $"the keys here are {string.Join(", ", _known)}";
            problems.Add((int)key.Start.Line, (int)key.Start.Column, $"{PathOf(name)}: this key is not known; {hint}");
        }
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>How many letters to add, take away or change (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)), row[j]);
        }
        return row[^1];
    }
}
