using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>The replicas of a context in ascending order: a dot names its replica by the place here instead of by 8 bytes.</summary>
internal sealed record ReplicaTable(ImmutableArray<ReplicaId> All)
{
    public static ReplicaTable Empty { get; } = new(ImmutableArray<ReplicaId>.Empty);

    public int Count => All.Length;

    public static ReplicaTable Of(CausalContext context)
    {
        var (vector, early) = (context.Vector.Entries, context.Early);
        if (early.IsEmpty)
            return new(ImmutableArray.CreateRange(vector, static entry => entry.Key));
        var all = ImmutableArray.CreateBuilder<ReplicaId>(vector.Length + 1);
        for (int i = 0, j = 0; i < vector.Length || j < early.Length;)
        {
            var isKnown = j == early.Length || (i < vector.Length && vector[i].Key.CompareTo(early[j].Replica) <= 0);
            var next = isKnown ? vector[i++].Key : early[j++].Replica;
            if (all is not [.., var last] || last != next)
                all.Add(next);
        }
        return new(all.DrainToImmutable());
    }

    public int IndexOf(ReplicaId replica)
    {
        // As a rule one region writes to a state.
        var index = !All.IsEmpty && All[0] == replica ? 0 : All.BinarySearch(replica);
        return index >= 0 ? index : throw new InvalidOperationException($"{replica} is in the store and not in its context.");
    }
}
