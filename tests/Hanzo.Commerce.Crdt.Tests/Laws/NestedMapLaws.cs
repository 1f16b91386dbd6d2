using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;
using Hanzo.Commerce.Crdt.Registers;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>Products with fields: a number is written to a field of a product; none removes the whole product.</summary>
public sealed class NestedMapLaws : CrdtLaws<Causal<OrMap<Text, OrMap<Text, MvRegister<Number>>>>, (string Product, string Field, int? Value)>
{
    private protected override Gen<(string Product, string Field, int? Value)> Operation =>
        Gen.Select(Gen.OneOf(Gen.Const("pear"), Gen.Const("plum")), Gen.OneOf(Gen.Const("price"), Gen.Const("weight")), Gen.Int[0, 5].Select(value => value == 0 ? (int?)null : value));

    private protected override Causal<OrMap<Text, OrMap<Text, MvRegister<Number>>>> Delta(
        Causal<OrMap<Text, OrMap<Text, MvRegister<Number>>>> state, ReplicaId replica, HybridTime time, (string Product, string Field, int? Value) operation) =>
        state.Delta(replica, (products, change) => operation.Value is { } value
            ? products.At(change, operation.Product, (fields, inProduct) =>
                fields.At(inProduct, operation.Field, (field, inField) => field.Set(inField, time, value)))
            : products.Remove(change, operation.Product));

    private protected override object Meaning(Causal<OrMap<Text, OrMap<Text, MvRegister<Number>>>> state) =>
        string.Join('\n', from product in state.Store.Entries
                          from field in product.Value.Entries
                          from value in field.Value.Values
                          let line = $"{product.Key} {field.Key} {value.Value.Value}@{value.Time.Value}"
                          orderby line
                          select line);

    private protected override object Expected(IReadOnlyList<Done<Causal<OrMap<Text, OrMap<Text, MvRegister<Number>>>>, (string Product, string Field, int? Value)>> changes) =>
        string.Join('\n', from change in changes.Index()
                          let made = change.Item.Operation
                          where made.Value is not null && !changes.Any(later => later.Seen.Contains(change.Index) && later.Operation.Product == made.Product
                              && (later.Operation.Value is null || later.Operation.Field == made.Field))
                          let line = $"{made.Product} {made.Field} {made.Value}@{change.Item.Time.Value}"
                          orderby line
                          select line);
}
