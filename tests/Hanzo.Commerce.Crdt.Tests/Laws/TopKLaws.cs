using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Sketches;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

public sealed class TopKLaws : CrdtLaws<Shares<TopK>, int>
{
    private protected override Gen<int> Operation => Gen.Int[0, 6];

    private protected override Shares<TopK> Delta(Shares<TopK> state, ReplicaId replica, HybridTime time, int operation) =>
        state.Grow(replica, share => share.Add($"page {operation}"));

    private protected override object Meaning(Shares<TopK> state) => string.Join(", ", state.Whole.Most.Select(text => $"{text.Text}: {text.Count}"));

    private protected override object Expected(IReadOnlyList<Done<Shares<TopK>, int>> changes) => string.Join(", ", changes
        .GroupBy(change => $"page {change.Operation}")
        .OrderByDescending(page => page.Count())
        .ThenBy(page => page.Key, StringComparer.Ordinal)
        .Select(page => $"{page.Key}: {page.Count()}"));
}
