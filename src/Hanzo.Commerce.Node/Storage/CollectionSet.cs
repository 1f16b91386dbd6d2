using System.Collections.Frozen;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>The collections of this program by their number.</summary>
internal sealed class CollectionSet(IEnumerable<ICollection> collections)
{
    private readonly FrozenDictionary<byte, ICollection> _byId = collections.ToFrozenDictionary(collection => collection.Id);

    public ICollection this[byte id] => _byId[id];

    /// <summary>The replicated collection with this number, or null when there is none.</summary>
    public ICollection? Replicated(byte id) => id < ICollection.FirstLocal ? _byId.GetValueOrDefault(id) : null;
}
