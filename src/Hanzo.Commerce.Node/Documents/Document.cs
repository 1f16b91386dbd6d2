using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>
/// A replicated document: paths with the values that stand there. A write replaces what its writer saw at that path and
/// nothing else. Two writes that did not know of each other both stand, and whoever reads decides: a field shows the later
/// one and lists the other, a cart's line adds them up. So is removing: it takes away what was seen, and what was put there
/// meanwhile stays.
/// </summary>
/// <remarks>
/// An optimized observed-remove map of dot functions with one causal context (Almeida, Shoker, Baquero: Delta State
/// Replicated Data Types, 2018). A change is a document too: the new values and the writes they replace. Joining is
/// commutative, associative and idempotent. Documents are small: joining looks at every value.
/// </remarks>
internal sealed record Document(ImmutableSortedDictionary<string, ImmutableArray<Cell>> Cells, CausalContext Context)
{
    public static Document Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableArray<Cell>>(StringComparer.Ordinal), CausalContext.Empty);

    /// <summary>The values that stand at a path, in the order of their writes' names. Empty when there are none.</summary>
    public ImmutableArray<Cell> this[string path] => Cells.TryGetValue(path, out var cells) ? cells : [];

    /// <summary>The value shown at a path, or null when there is none.</summary>
    public Cell? Latest(string path) => Latest(this[path]);

    public static Cell? Latest(ImmutableArray<Cell> cells)
    {
        Cell? latest = null;
        foreach (var cell in cells)
        {
            if (latest is null || cell.WinsOver(latest))
                latest = cell;
        }
        return latest;
    }

    public Document Join(Document other)
    {
        var cells = Cells.ToBuilder();
        foreach (var (path, mine) in Cells)
        {
            var kept = Standing(mine, other[path], other.Context, Context);
            if (kept.IsEmpty)
                cells.Remove(path);
            else if (kept != mine)
                cells[path] = kept;
        }
        foreach (var (path, theirs) in other.Cells)
        {
            if (!Cells.ContainsKey(path) && Standing([], theirs, other.Context, Context) is { IsEmpty: false } kept)
                cells[path] = kept;
        }
        return new Document(cells.ToImmutable(), Context.Join(other.Context));
    }

    /// <summary>What stands of both: what both hold, and what one holds and the other has never seen.</summary>
    private static ImmutableArray<Cell> Standing(ImmutableArray<Cell> mine, ImmutableArray<Cell> theirs, CausalContext theirContext, CausalContext myContext)
    {
        if (theirs.IsEmpty && mine.All(cell => !theirContext.Has(cell.Dot)))
            return mine;
        var kept = ImmutableArray.CreateBuilder<Cell>();
        kept.AddRange(mine.Where(cell => !theirContext.Has(cell.Dot) || theirs.Any(other => other.Dot == cell.Dot)));
        kept.AddRange(theirs.Where(cell => !myContext.Has(cell.Dot)));
        kept.Sort((a, b) => a.Dot.CompareTo(b.Dot));
        return kept.ToImmutable();
    }
}
