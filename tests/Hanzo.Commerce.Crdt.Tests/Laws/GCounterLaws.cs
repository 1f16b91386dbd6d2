using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Counters;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class GCounterLaws : CrdtLaws<GCounter, int>
{
    private protected override Gen<int> Operation => Gen.Int[1, 300];

    private protected override GCounter Delta(GCounter state, ReplicaId replica, HybridTime time, int operation) => state.Increment(replica, operation);

    private protected override object Meaning(GCounter state) => state.Value;

    private protected override object Expected(IReadOnlyList<Done<GCounter, int>> changes) => changes.Sum(change => (long)change.Operation);
}
