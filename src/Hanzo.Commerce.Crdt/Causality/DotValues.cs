using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>Values under the dots of the changes that brought them.</summary>
internal static class DotValues
{
    /// <summary>Keeps what both hold, and what one holds that the other has not seen.</summary>
    public static SortedMap<Dot, T> Join<T>(SortedMap<Dot, T> mine, SortedMap<Dot, T> theirs, CausalContext seen, CausalContext seenByOther) =>
        mine.Join(theirs, (Dot dot, SortedMap<Dot, T>.Slot left, SortedMap<Dot, T>.Slot right, out T joined) =>
        {
            joined = left.Exists ? left.Value : right.Value;
            return (left.Exists && right.Exists) || (left.Exists ? !seenByOther.Contains(dot) : !seen.Contains(dot));
        });

    public static void Write<T>(WireWriter writer, SortedMap<Dot, T> values, Action<WireWriter, T> write)
    {
        writer.Count(values.Count);
        foreach (var (dot, value) in values.Entries)
        {
            writer.Dot(dot);
            write(writer, value);
        }
    }

    public static SortedMap<Dot, T> Read<T>(WireReader reader, Func<WireReader, T> read)
    {
        var dots = new List<Dot>();
        var entries = new List<KeyValuePair<Dot, T>>();
        for (var left = reader.Count(); left > 0 && !reader.AtEnd; left--)
        {
            var dot = reader.Dot();
            reader.Ascending(dots, dot);
            dots.Add(dot);
            entries.Add(KeyValuePair.Create(dot, read(reader)));
        }
        return new([.. entries]);
    }
}
