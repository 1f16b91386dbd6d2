using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The replicas of a context in ascending order: a dot names its replica by the place here instead of by 8 bytes.</summary>
internal sealed record ReplicaTable(ImmutableArray<ReplicaId> All)
{
    public static ReplicaTable Empty { get; } = new(ImmutableArray<ReplicaId>.Empty);

    public int Count => All.Length;

    public static ReplicaTable Of(CausalContext context) =>
        new([.. context.Vector.Entries.Select(entry => entry.Key).Concat(context.Early.Select(dot => dot.Replica)).Distinct().Order()]);

    public int IndexOf(ReplicaId replica)
    {
        var index = All.BinarySearch(replica);
        return index >= 0 ? index : throw new InvalidOperationException($"{replica} is in the store and not in its context.");
    }
}
