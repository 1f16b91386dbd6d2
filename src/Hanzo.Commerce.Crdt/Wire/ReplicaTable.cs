using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The replicas of a context in ascending order: a dot names its replica by the place here instead of by 8 bytes.</summary>
internal sealed record ReplicaTable(ImmutableArray<ReplicaId> All)
{
    public static ReplicaTable Empty { get; } = new(ImmutableArray<ReplicaId>.Empty);

    public int Count => All.Length;

    public static ReplicaTable Of(CausalContext context) => context.Early.IsEmpty
        ? new(ImmutableArray.CreateRange(context.Vector.Entries, static entry => entry.Key))
        : new([.. context.Vector.Entries.Select(entry => entry.Key).Concat(context.Early.Select(dot => dot.Replica)).Distinct().Order()]);

    public int IndexOf(ReplicaId replica)
    {
        // As a rule one region writes to a state.
        var index = !All.IsEmpty && All[0] == replica ? 0 : All.BinarySearch(replica);
        return index >= 0 ? index : throw new InvalidOperationException($"{replica} is in the store and not in its context.");
    }
}
