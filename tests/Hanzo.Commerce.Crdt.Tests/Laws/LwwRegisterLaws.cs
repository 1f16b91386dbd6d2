using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Registers;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class LwwRegisterLaws : CrdtLaws<LwwRegister<Text>, string>
{
    private protected override Gen<string> Operation => Gen.String[Gen.Char["abé"], 0, 3];

    private protected override LwwRegister<Text> Delta(LwwRegister<Text> state, ReplicaId replica, HybridTime time, string operation) =>
        LwwRegister<Text>.Set(replica, time, operation);

    private protected override object Meaning(LwwRegister<Text> state) => (state.HasValue, state.Time, state.Value);

    private protected override object Expected(IReadOnlyList<Done<LwwRegister<Text>, string>> changes)
    {
        var last = changes.OrderBy(change => change.Time).ThenBy(change => change.Replica).ThenBy(change => new Text(change.Operation)).LastOrDefault();
        return last is null ? (false, default(HybridTime), default(Text)) : (true, last.Time, new Text(last.Operation));
    }
}
