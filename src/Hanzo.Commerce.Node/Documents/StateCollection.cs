using Hanzo.Commerce.Crdt;
using Hanzo.Commerce.Crdt.Wire;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>A collection whose rows are replicated states of one type.</summary>
/// <param name="maxSize">Bytes of the largest row that is read.</param>
/// <param name="changed">Told of every change of a row, inside its transaction.</param>
internal sealed class StateCollection<T>(byte id, string name, int maxSize, Action<StoreTransaction, string, T?, T>? changed = null) : ICollection
    where T : class, ICrdt<T>
{
    public byte Id => id;

    public string Name => name;

    public object? Decode(ReadOnlySpan<byte> bytes) => CrdtCodec.Decode<T>(bytes, maxSize).State;

    public byte[] Encode(object state) => CrdtCodec.Encode((T)state);

    public object Merge(object? state, object delta)
    {
        if (state is not T before)
            return delta;
        var after = before.Merge((T)delta);
        return Encode(before).AsSpan().SequenceEqual(Encode(after)) ? before : after;
    }

    public void Changed(StoreTransaction transaction, string key, object? before, object after) => changed?.Invoke(transaction, key, (T?)before, (T)after);

    public T In(StoreTransaction transaction, string key) => (T?)transaction.Read(this, key) ?? T.Empty;

    public T In(Store store, string key) => (T?)store.Read(this, key) ?? T.Empty;
}
