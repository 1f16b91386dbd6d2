using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Crdt.Wire;

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

    [Fact]
    public void Smaller_samples_merge_as_whole_ones_do() => Gen.Select(Sample, Sample, Sample, Gen.Int[1, 6]).Sample((a, b, c, count) =>
    {
        Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
        Assert.Equal(a.Merge(b), b.Merge(a));
        Assert.Equal(a, a.Merge(a));
        Assert.Equal(a.Lowest(count), a.Merge(a.Lowest(count)));
        Assert.Equal(a, CrdtCodec.Decode<Cohort>(CrdtCodec.Encode(a)).State);
    });

    private static Gen<Cohort> Sample => Gen.Select(Gen.Select(Gen.ULong[0, 9], Gen.Int[0, 100]).Array[0, 8], Gen.Int[1, 8])
        .Select((visits, count) => visits.Aggregate(Cohort.Empty, (cohort, visit) => cohort.Add(visit.Item1, visit.Item2)).Lowest(count));
}
