using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Sketches;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class DdSketchLaws : CrdtLaws<Shares<DdSketch>, int>
{
    private static readonly double[] Parts = [0, 0.5, 0.9, 1];

    private protected override Gen<int> Operation => Gen.Int[0, 1000];

    private protected override Shares<DdSketch> Delta(Shares<DdSketch> state, ReplicaId replica, HybridTime time, int operation) =>
        state.Grow(replica, share => share.Add(operation));

    private protected override object Meaning(Shares<DdSketch> state) => string.Join(' ', Parts.Select(part => state.Whole.Quantile(part)));

    private protected override object Expected(IReadOnlyList<Done<Shares<DdSketch>, int>> changes)
    {
        var values = changes.Select(change => change.Operation).Order().ToArray();
        return string.Join(' ', Parts.Select(part => values.Length == 0 ? null : DdSketch.Empty.Add(values[(int)(part * (values.Length - 1))]).Quantile(0)));
    }
}
