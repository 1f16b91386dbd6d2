using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Documents;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>A document of two texts and two counts that stand at the same paths; none removes the text, 0 the count.</summary>
public sealed class FieldsLaws : CrdtLaws<Causal<Fields>, (string Path, string? Text, int? Amount)>
{
    private protected override Gen<(string Path, string? Text, int? Amount)> Operation =>
        Gen.Select(Gen.OneOf(Gen.Const("name"), Gen.Const("note")), Gen.Int[0, 3], Gen.Int[-2, 3], (path, text, amount) =>
            (path, text == 0 ? null : $"text {text}", text == 3 ? amount : (int?)null));

    private protected override Causal<Fields> Delta(Causal<Fields> state, ReplicaId replica, HybridTime time, (string Path, string? Text, int? Amount) operation)
    {
        var draft = new Draft(state, replica, time);
        switch (operation)
        {
            case (_, _, 0): draft.RemoveCount(operation.Path); break;
            case (_, _, { } amount): draft.Add(operation.Path, amount); break;
            case (_, null, _): draft.Remove(operation.Path); break;
            default: draft.Set(operation.Path, operation.Text!); break;
        }
        return draft.Delta;
    }

    private protected override object Meaning(Causal<Fields> state) => string.Join('\n',
    [
        .. (from field in state.Store.Texts.Entries
            from value in field.Value.Values
            let line = $"{field.Key} {value.Value}@{value.Time.Value}"
            orderby line
            select line),
        .. from count in state.Store.Counts.Entries select $"{count.Key}={count.Value.Value}",
    ]);

    private protected override object Expected(IReadOnlyList<Done<Causal<Fields>, (string Path, string? Text, int? Amount)>> changes) => string.Join('\n',
    [
        .. (from change in changes.Index()
            let made = change.Item.Operation
            where made is { Amount: null, Text: not null } && !changes.Any(later =>
                later.Seen.Contains(change.Index) && later.Operation.Path == made.Path && later.Operation.Amount is null)
            let line = $"{made.Path} {made.Text}@{change.Item.Time.Value}"
            orderby line
            select line),
        .. (from change in changes.Index()
            let made = change.Item.Operation
            where made.Amount is not null and not 0 && !changes.Any(later =>
                later.Seen.Contains(change.Index) && later.Operation.Path == made.Path && later.Operation.Amount == 0)
            group made.Amount!.Value by made.Path into path
            orderby path.Key
            select $"{path.Key}={path.Sum()}"),
    ]);
}
