using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>What a client has seen.</summary>
/// <param name="Changes">Of carts, products and events, by origin.</param>
/// <param name="Shards">Of stock, reservations, payments and orders; those last seen first.</param>
internal readonly record struct Seen(VersionVector Changes, ImmutableArray<ShardIndex> Shards)
{
    public static Seen Nothing { get; } = new(VersionVector.Empty, []);

    public bool Equals(Seen other) => Changes.Equals(other.Changes) && Shards.SequenceEqual(other.Shards);

    public override int GetHashCode() => HashCode.Combine(Changes, Shards.Length);
}
