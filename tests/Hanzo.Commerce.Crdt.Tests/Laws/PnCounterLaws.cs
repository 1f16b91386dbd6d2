using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Counters;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class PnCounterLaws : CrdtLaws<PnCounter, int>
{
    private protected override Gen<int> Operation => Gen.Int[-300, 300];

    private protected override PnCounter Delta(PnCounter state, ReplicaId replica, HybridTime time, int operation) => state.Add(replica, operation);

    private protected override object Meaning(PnCounter state) => state.Value;

    private protected override object Expected(IReadOnlyList<Done<PnCounter, int>> changes) => changes.Sum(change => (long)change.Operation);
}
