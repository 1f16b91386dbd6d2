using System.Collections.Immutable;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>Writes to a document by one origin at one time, gathered to one change.</summary>
internal sealed class DocumentDraft(Document before, Origin self, ulong stamp)
{
    /// <summary>The document with the writes so far.</summary>
    public Document After { get; private set; } = before;

    /// <summary>What other nodes join to come to the same.</summary>
    public Document Delta { get; private set; } = Document.Empty;

    public bool IsEmpty => Delta.Context.UpTo.IsEmpty && Delta.Context.Beyond.IsEmpty;

    /// <summary>Puts a value in the place of all that stands at a path.</summary>
    public void Set(string path, long number, string? text) => Write(path, After[path], number, text);

    /// <summary>Puts a value beside those that stand at a path.</summary>
    public void Append(string path, long number, string? text) => Write(path, [], number, text);

    /// <summary>Takes away all that stands at a path.</summary>
    public void Remove(string path) => Take(new Document(Document.Empty.Cells, CausalContext.Of(After[path].Select(cell => cell.Dot))));

    private void Write(string path, ImmutableArray<Cell> replaced, long number, string? text)
    {
        var dot = After.Context.Next(self);
        Take(new Document(
            Document.Empty.Cells.Add(path, [new Cell(dot, stamp, number, text)]),
            CausalContext.Of([dot, .. replaced.Select(cell => cell.Dot)])));
    }

    private void Take(Document change)
    {
        After = After.Join(change);
        Delta = Delta.Join(change);
    }
}
