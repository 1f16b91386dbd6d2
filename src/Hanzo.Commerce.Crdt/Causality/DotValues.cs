using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>Values under the dots of the changes that brought them.</summary>
internal static class DotValues
{
    /// <summary>Keeps what both hold, and what one holds that the other has not seen.</summary>
    public static SortedMap<Dot, T> Join<T>(SortedMap<Dot, T> mine, SortedMap<Dot, T> theirs, CausalContext seen, CausalContext seenByOther)
    {
        if (theirs.Count == 0)
            return Unseen(mine, seenByOther);
        if (mine.Count == 0)
            return Unseen(theirs, seen);
        return mine.Join(theirs, (Dot dot, SortedMap<Dot, T>.Slot left, SortedMap<Dot, T>.Slot right, out T joined) =>
        {
            joined = left.Exists ? left.Value : right.Value;
            return (left.Exists && right.Exists) || (left.Exists ? !seenByOther.Contains(dot) : !seen.Contains(dot));
        });
    }

    /// <summary>What is left when nothing is on the other side; a delta leaves most of a large state alone, which is then not copied.</summary>
    private static SortedMap<Dot, T> Unseen<T>(SortedMap<Dot, T> values, CausalContext seen)
    {
        foreach (var (dot, _) in values.Entries)
        {
            if (seen.Contains(dot))
                return new([.. values.Entries.Where(entry => !seen.Contains(entry.Key))]);
        }
        return values;
    }

    public static void Write<T>(WireWriter writer, SortedMap<Dot, T> values, Action<WireWriter, T> write)
    {
        writer.Count(values.Count);
        foreach (var (dot, value) in values.Entries)
        {
            writer.Dot(dot);
            write(writer, value);
        }
    }

    public static SortedMap<Dot, T> Read<T>(WireReader reader, Func<WireReader, T> read) => reader.Entries(static from => from.Dot(), read);
}
