using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Sets;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>Adds or removes one of a few elements.</summary>
public sealed class OrSetLaws : CrdtLaws<Causal<OrSet<Text>>, (bool Add, string Element)>
{
    private protected override Gen<(bool Add, string Element)> Operation => Gen.Select(Gen.Bool, Gen.OneOf(Gen.Const("pear"), Gen.Const("plum"), Gen.Const("fig")));

    private protected override Causal<OrSet<Text>> Delta(Causal<OrSet<Text>> state, ReplicaId replica, HybridTime time, (bool Add, string Element) operation) =>
        state.Delta(replica, (set, change) => operation.Add ? set.Add(change, operation.Element) : set.Remove(change, operation.Element));

    private protected override object Meaning(Causal<OrSet<Text>> state) => string.Join(' ', state.Store.Elements);

    private protected override object Expected(IReadOnlyList<Done<Causal<OrSet<Text>>, (bool Add, string Element)>> changes) =>
        string.Join(' ', changes
            .Where((change, index) => change.Operation.Add && !changes.Any(later => later.Operation.Element == change.Operation.Element && later.Seen.Contains(index)))
            .Select(change => change.Operation.Element).Distinct().Order());
}
