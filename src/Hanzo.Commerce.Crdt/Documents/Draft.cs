using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Counters;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;
using Hanzo.Commerce.Crdt.Registers;

namespace Hanzo.Commerce.Crdt.Documents;

/// <summary>Writes to a document by one replica at one time, gathered to one delta.</summary>
/// <param name="before">The document as it is here.</param>
/// <param name="self">Who writes.</param>
/// <param name="time">When, by the hybrid clock.</param>
public sealed class Draft(Causal<Fields> before, ReplicaId self, HybridTime time)
{
    /// <summary>The document with the writes so far.</summary>
    public Causal<Fields> After { get; private set; } = before;

    /// <summary>What others merge to come to the same.</summary>
    public Causal<Fields> Delta { get; private set; } = Causal<Fields>.Empty;

    /// <summary>Whether nothing was written.</summary>
    public bool IsEmpty => Delta.Context.Equals(CausalContext.Empty);

    /// <summary>Writes a text in place of all that stand at the path.</summary>
    public void Set(string path, string text) =>
        Texts((texts, change) => texts.At(change, path, (register, inside) => register.Set(inside, time, text)));

    /// <summary>Removes the texts at a path.</summary>
    public void Remove(string path) => Texts((texts, change) => texts.Remove(change, path));

    /// <summary>Adds to the count at a path.</summary>
    public void Add(string path, long amount) => Counts((counts, change) => counts.At(change, path, (counter, inside) => counter.Add(inside, amount)));

    /// <summary>Removes the count at a path.</summary>
    public void RemoveCount(string path) => Counts((counts, change) => counts.Remove(change, path));

    private void Texts(Func<OrMap<Text, MvRegister<Text>>, Change, OrMap<Text, MvRegister<Text>>> write) =>
        Take(After.Delta(self, (fields, change) => Fields.Empty with { Texts = write(fields.Texts, change) }));

    private void Counts(Func<OrMap<Text, CausalCounter>, Change, OrMap<Text, CausalCounter>> write) =>
        Take(After.Delta(self, (fields, change) => Fields.Empty with { Counts = write(fields.Counts, change) }));

    private void Take(Causal<Fields> delta)
    {
        After = After.Merge(delta);
        Delta = IsEmpty ? delta : Delta.Merge(delta);
    }
}
