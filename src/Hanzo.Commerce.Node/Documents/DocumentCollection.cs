using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Crdt.Wire;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>A collection whose rows are documents.</summary>
/// <param name="committed">Told of every row that was committed, in order, by the writer.</param>
internal sealed class DocumentCollection(byte id, string name, Action<string, Causal<Fields>>? committed = null) : ICollection
{
    /// <summary>What is larger is refused, whoever sends it.</summary>
    public const int MaxSize = 256 * 1024;

    public byte Id => id;

    public string Name => name;

    public bool IsKeptEncoded => true;

    public object? Decode(ReadOnlySpan<byte> bytes) => CrdtCodec.Decode<Causal<Fields>>(bytes, MaxSize).State;

    public byte[] Encode(object state) => CrdtCodec.Encode((Causal<Fields>)state);

    public object Merge(object? state, object delta) => state is Causal<Fields> before ? before.Merge((Causal<Fields>)delta) : delta;

    public void Committed(string key, object state) => committed?.Invoke(key, (Causal<Fields>)state);

    /// <summary>The document of a row inside a transaction; empty when there is none.</summary>
    public Causal<Fields> In(StoreTransaction transaction, string key) => (Causal<Fields>?)transaction.Read(this, key) ?? Causal<Fields>.Empty;

    /// <summary>The document of a row, or null when there is none.</summary>
    public Causal<Fields>? In(Store store, string key) => (Causal<Fields>?)store.Read(this, key);

    public async ValueTask<Causal<Fields>?> Find(Store store, string key) => (Causal<Fields>?)await store.Find(this, key);

    /// <summary>Writes a draft, if anything was written to it.</summary>
    public void Write(StoreTransaction transaction, string key, Draft draft)
    {
        if (!draft.IsEmpty)
            transaction.Write(this, key, draft.After, draft.Delta);
    }
}
