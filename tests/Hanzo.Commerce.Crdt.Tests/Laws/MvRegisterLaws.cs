using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Registers;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>A number is written; none clears.</summary>
public sealed class MvRegisterLaws : CrdtLaws<Causal<MvRegister<Number>>, int?>
{
    private protected override Gen<int?> Operation => Gen.Int[0, 9].Select(number => number == 0 ? (int?)null : number);

    private protected override Causal<MvRegister<Number>> Delta(Causal<MvRegister<Number>> state, ReplicaId replica, HybridTime time, int? operation) =>
        state.Delta(replica, (register, change) => operation is { } value ? register.Set(change, time, value) : register.Clear(change));

    private protected override object Meaning(Causal<MvRegister<Number>> state) =>
        string.Join(' ', state.Store.Values.Select(value => $"{value.Value.Value}@{value.Time.Value}").Order());

    private protected override object Expected(IReadOnlyList<Done<Causal<MvRegister<Number>>, int?>> changes) =>
        string.Join(' ', changes.Where((change, index) => change.Operation is not null && !changes.Any(later => later.Seen.Contains(index)))
            .Select(change => $"{change.Operation}@{change.Time.Value}").Order());
}
