using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>A collection whose rows are documents.</summary>
internal sealed class DocumentCollection(byte id, string name) : ICollection
{
    public byte Id => id;

    public string Name => name;

    public object? Decode(ReadOnlySpan<byte> bytes) => DocumentCodec.Decode(bytes);

    public byte[] Encode(object state) => DocumentCodec.Encode((Document)state);

    public object Merge(object? state, object delta) => ((Document?)state ?? Document.Empty).Join((Document)delta);

    public void Changed(StoreTransaction transaction, string key, object? before, object after)
    {
    }

    /// <summary>The document of a row inside a transaction; empty when there is none.</summary>
    public Document In(StoreTransaction transaction, string key) => (Document?)transaction.Read(this, key) ?? Document.Empty;

    /// <summary>The document of a row, or null when there is none.</summary>
    public Document? In(Store store, string key) => (Document?)store.Read(this, key);

    /// <summary>Writes a draft, if anything was written to it.</summary>
    public void Write(StoreTransaction transaction, string key, DocumentDraft draft)
    {
        if (!draft.IsEmpty)
            transaction.Write(this, key, draft.After, draft.Delta);
    }
}
