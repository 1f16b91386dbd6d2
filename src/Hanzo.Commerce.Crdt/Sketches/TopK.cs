using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// Which texts came most often (Metwally, Agrawal, El Abbadi: Space-Saving, 2005): a fixed number of counters; a text without
/// one takes over the smallest, whose count it may owe its own to. A count is never too low, and too high by its error at most.
/// </summary>
public sealed record TopK : IShare<TopK>
{
    /// <summary>How many texts are counted at once.</summary>
    public const int Counters = 64;

    private readonly SortedMap<Text, Counted> _texts;

    private TopK(SortedMap<Text, Counted> texts, long weight) => (_texts, Weight) = (texts, weight);

    /// <inheritdoc/>
    public static TopK Empty { get; } = new(SortedMap<Text, Counted>.Empty, 0);

    /// <inheritdoc/>
    public static byte Kind => 11;

    /// <summary>How many texts were added, each as often as it came.</summary>
    public long Weight { get; }

    /// <summary>The texts that came most often: how often at the most, and how much of that may be owed to others.</summary>
    public ImmutableArray<(string Text, long Count, long Error)> Most =>
        [.. _texts.Entries.OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key).Select(entry => (entry.Key.Value, entry.Value.Count, entry.Value.Error))];

    /// <summary>What a text without a counter may have come at the most.</summary>
    private long Unseen => _texts.Count < Counters ? 0 : _texts.Entries.Min(entry => entry.Value.Count);

    /// <summary>With one more text.</summary>
    public TopK Add(string text) => Plus(new(SortedMap<Text, Counted>.Empty.With(text, new(1, 0)), 1));

    /// <inheritdoc/>
    public TopK Plus(TopK other)
    {
        var (unseen, unseenByOther) = (Unseen, other.Unseen);
        var all = _texts.Join(other._texts, (Text _, SortedMap<Text, Counted>.Slot mine, SortedMap<Text, Counted>.Slot theirs, out Counted joined) =>
        {
            var left = mine.Exists ? mine.Value : new(unseen, unseen);
            var right = theirs.Exists ? theirs.Value : new(unseenByOther, unseenByOther);
            joined = new(left.Count + right.Count, left.Error + right.Error);
            return true;
        });
        if (all.Count > Counters)
            all = new([.. all.Entries.OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key).Take(Counters).OrderBy(entry => entry.Key)]);
        return new(all, Weight + other.Weight);
    }

    /// <inheritdoc/>
    public void Write(WireWriter writer)
    {
        writer.Varint((ulong)Weight);
        writer.Count(_texts.Count);
        foreach (var (text, (count, error)) in _texts.Entries)
        {
            text.Write(writer);
            writer.Varint((ulong)count);
            writer.Varint((ulong)error);
        }
    }

    /// <inheritdoc/>
    public static TopK Read(WireReader reader)
    {
        var weight = reader.Natural();
        var before = new List<Text>();
        var texts = new List<KeyValuePair<Text, Counted>>();
        for (var left = reader.Count(); left > 0 && !reader.AtEnd; left--)
        {
            var text = Text.Read(reader);
            reader.Ascending(before, text);
            before.Add(text);
            var counted = new Counted(reader.Natural(), reader.Natural());
            if (counted.Count == 0 || counted.Error > counted.Count || before.Count > Counters)
                reader.Refuse(DecodeProblem.BadValue);
            texts.Add(KeyValuePair.Create(text, counted));
        }
        return new(new([.. texts]), weight);
    }

    private readonly record struct Counted(long Count, long Error);
}
