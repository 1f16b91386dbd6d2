using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Sketches;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class HyperLogLogLaws : CrdtLaws<HyperLogLog, int>
{
    private protected override Gen<int> Operation => Gen.Int[0, 12];

    private protected override HyperLogLog Delta(HyperLogLog state, ReplicaId replica, HybridTime time, int operation) =>
        HyperLogLog.Empty.Add(StableHash.Of($"visitor {operation}"));

    private protected override object Meaning(HyperLogLog state) => Math.Round(state.Estimate);

    private protected override object Expected(IReadOnlyList<Done<HyperLogLog, int>> changes) => (double)changes.Select(change => change.Operation).Distinct().Count();
}
