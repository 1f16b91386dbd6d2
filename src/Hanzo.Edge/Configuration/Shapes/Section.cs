using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>A section as the reference and the schema see it.</summary>
internal interface ISection
{
    /// <summary>Its keys, in the order in which they are declared.</summary>
    IReadOnlyList<Key> Keys { get; }
}

/// <summary>One key of a section.</summary>
/// <param name="name">The key as written.</param>
/// <param name="says">What it does, in a sentence or two.</param>
/// <param name="required">Whether it must be there.</param>
internal abstract class Key(string name, string says, bool required)
{
    /// <summary>The key as written.</summary>
    public string Name => name;

    /// <summary>What it does.</summary>
    public string Says => says;

    /// <summary>Whether it must be there.</summary>
    public bool Required => required;

    /// <summary>Where a required key may be left out all the same: what else the section says; null for nowhere.</summary>
    public Func<YamlMapping, bool>? Unless { get; init; }

    /// <summary>Whether it is missing from <paramref name="section"/>, or does not fit there.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isThere">Whether it is there as it should be.</param>
    public bool Lacks(YamlMapping section, bool isThere) => Required && !isThere && Unless?.Invoke(section) != true;

    /// <summary>What may stand under it.</summary>
    public abstract Shape Shape { get; }

    /// <summary>What holds where it is not written, as the file would have it; null for nothing.</summary>
    public abstract string? Default { get; }

    /// <summary>Reads its value into <paramref name="values"/>; false, and told, where it does not fit.</summary>
    public abstract bool Read(YamlEntry entry, Values values, Reading reading);
}

/// <summary>A <see cref="Key"/> whose value is a <typeparamref name="T"/>.</summary>
internal sealed class Key<T>(string name, Shape<T> shape, string says, bool required, T fallback) : Key(name, says, required)
{
    /// <inheritdoc/>
    public override Shape Shape => shape;

    /// <inheritdoc/>
    public override string? Default => Required || fallback is null ? null : shape.Show(fallback);

    /// <summary>What holds where it is not written.</summary>
    public T Fallback => fallback;

    /// <inheritdoc/>
    public override bool Read(YamlEntry entry, Values values, Reading reading)
    {
        if (!shape.TryRead(entry.Value, reading, out var value))
            return false;
        values.Set(this, value, entry.KeyAt);
        return true;
    }
}

/// <summary>The values of one section by key.</summary>
/// <param name="node">The section in the file.</param>
/// <param name="reading">The reading under way.</param>
internal sealed class Values(YamlMapping node, Reading reading)
{
    private readonly Dictionary<Key, (object? Value, Position At)> values = [];

    /// <summary>The reading under way.</summary>
    public Reading Reading => reading;

    /// <summary>Where the section stands.</summary>
    public Position At => node.At;

    /// <summary>The keys that lead to the section, as messages begin.</summary>
    public string Subject => node.Subject;

    /// <summary>Whether the key is written and its value fits.</summary>
    public bool Has(Key key) => values.ContainsKey(key);

    /// <summary>Whether the key is written, with a value that fits or not.</summary>
    public bool Written(Key key) => node.Entries.Any(entry => entry.Key == key.Name);

    /// <summary>Where the key stands; the section's start where it is not written.</summary>
    public Position AtKey(Key key) => values.TryGetValue(key, out var found) ? found.At : node.At;

    /// <summary>The key's value, or what holds without it.</summary>
    public T Get<T>(Key<T> key) => values.TryGetValue(key, out var found) ? (T)found.Value! : key.Fallback;

    /// <summary>Says that something about <paramref name="key"/> is wrong.</summary>
    public void Error(Key key, string wrong, string? fix = null)
        => reading.Problems.Error(AtKey(key), $"{Below(key)}: {wrong}", fix);

    /// <summary>Says that something about <paramref name="key"/> may surprise.</summary>
    public void Warn(Key key, string surprise, string? fix = null)
        => reading.Problems.Warn(AtKey(key), $"{Below(key)}: {surprise}", fix);

    /// <summary>Keeps a value that was read.</summary>
    public void Set<T>(Key<T> key, T value, Position at) => values[key] = (value, at);

    private string Below(Key key) => node.Path.Length == 0 ? key.Name : $"{node.Path}.{key.Name}";
}

/// <summary>Declares the keys of a section; <see cref="Builds{T}"/> makes it a shape.</summary>
internal sealed class Section : ISection
{
    private readonly List<Key> keys = [];

    /// <inheritdoc/>
    public IReadOnlyList<Key> Keys => keys;

    /// <summary>Declares a key that must be there.</summary>
    public Key<T> Required<T>(string name, Shape<T> shape, string says) => Add(new Key<T>(name, shape, says, required: true, default!));

    /// <summary>Declares a key that must be there unless the section says something else.</summary>
    public Key<T> Required<T>(string name, Shape<T> shape, T fallback, Func<YamlMapping, bool> unless, string says) => Add(new Key<T>(name, shape, says, required: true, fallback) { Unless = unless });

    /// <summary>Declares a key that may be left out.</summary>
    public Key<T> Optional<T>(string name, Shape<T> shape, T fallback, string says) => Add(new Key<T>(name, shape, says, required: false, fallback));

    /// <summary>Declares a key that may be left out, and then means nothing.</summary>
    public Key<T?> Optional<T>(string name, Shape<T> shape, string says) where T : class
        => Add(new Key<T?>(name, shape!, says, required: false, null));

    /// <summary>Declares a key that may be left out, and then means nothing.</summary>
    public Key<T?> OptionalValue<T>(string name, Shape<T> shape, string says) where T : struct
        => Add(new Key<T?>(name, new NullableShape<T>(shape), says, required: false, null));

    /// <summary>The section as a shape; <paramref name="build"/> is asked where all required keys are there and fit.</summary>
    public Shape<T> Builds<T>(Func<Values, T> build) => new SectionShape<T>(this, build);

    private Key<T> Add<T>(Key<T> key)
    {
        keys.Add(key);
        return key;
    }

    private sealed class NullableShape<T>(Shape<T> inner) : Shape<T?> where T : struct
    {
        public override string Phrase => inner.Phrase;

        public override (string Between, ISection Section)? Below => inner.Below;

        public override JsonObject Schema() => inner.Schema();

        public override bool TryRead(YamlNode node, Reading reading, out T? value)
        {
            var fits = inner.TryRead(node, reading, out var read);
            value = fits ? read : null;
            return fits;
        }

        public override string? Show(T? value) => value is { } some ? inner.Show(some) : null;
    }
}
