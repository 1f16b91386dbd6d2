using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Counters;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>A cart: an amount is added to one of a few articles; none removes the article.</summary>
public sealed class OrMapLaws : CrdtLaws<Causal<OrMap<Text, CausalCounter>>, (string Article, int? Amount)>
{
    private protected override Gen<(string Article, int? Amount)> Operation =>
        Gen.Select(Gen.OneOf(Gen.Const("pear"), Gen.Const("plum"), Gen.Const("fig")), Gen.Int[-2, 5].Select(amount => amount == -2 ? (int?)null : amount));

    private protected override Causal<OrMap<Text, CausalCounter>> Delta(
        Causal<OrMap<Text, CausalCounter>> state, ReplicaId replica, HybridTime time, (string Article, int? Amount) operation) =>
        state.Delta(replica, (cart, change) => operation.Amount is { } amount
            ? cart.At(change, operation.Article, (quantity, inside) => quantity.Add(inside, amount))
            : cart.Remove(change, operation.Article));

    private protected override object Meaning(Causal<OrMap<Text, CausalCounter>> state) =>
        string.Join(' ', state.Store.Entries.Select(entry => $"{entry.Key}={entry.Value.Value}"));

    private protected override object Expected(IReadOnlyList<Done<Causal<OrMap<Text, CausalCounter>>, (string Article, int? Amount)>> changes) =>
        string.Join(' ', changes
            .Where((change, index) => change.Operation.Amount is not null && !changes.Any(later =>
                later.Operation.Amount is null && later.Operation.Article == change.Operation.Article && later.Seen.Contains(index)))
            .GroupBy(change => change.Operation.Article)
            .OrderBy(article => article.Key, StringComparer.Ordinal)
            .Select(article => $"{article.Key}={article.Sum(change => change.Operation.Amount)}"));
}
