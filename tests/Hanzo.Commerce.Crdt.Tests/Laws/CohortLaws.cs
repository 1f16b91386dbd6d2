using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Sketches;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class CohortLaws : CrdtLaws<Cohort, (int Visitor, int At)>
{
    private protected override Gen<(int Visitor, int At)> Operation => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100]);

    private protected override Cohort Delta(Cohort state, ReplicaId replica, HybridTime time, (int Visitor, int At) operation) =>
        Cohort.Empty.Add((ulong)operation.Visitor, operation.At);

    private protected override object Meaning(Cohort state) => string.Join(' ', state.Visits.Select(visit => $"{visit.Key}:{visit.Value.First}-{visit.Value.Last}"));

    private protected override object Expected(IReadOnlyList<Done<Cohort, (int Visitor, int At)>> changes) => string.Join(' ', changes
        .GroupBy(change => change.Operation.Visitor)
        .OrderBy(visitor => visitor.Key)
        .Select(visitor => $"{visitor.Key}:{visitor.Min(visit => visit.Operation.At)}-{visitor.Max(visit => visit.Operation.At)}"));
}
