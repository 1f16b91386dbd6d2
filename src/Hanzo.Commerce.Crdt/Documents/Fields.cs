using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Counters;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;
using Hanzo.Commerce.Crdt.Registers;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Documents;

/// <summary>
/// What a document holds: texts, of which the later shows and those written at the same time stay beside it until somebody
/// has seen them; and counts, which add up. Both stand at paths. Removing takes away what was seen, and what was put there
/// meanwhile stays. Its limit: joining looks at every path, so documents are small.
/// </summary>
/// <param name="Texts">By path.</param>
/// <param name="Counts">By path, apart from those of the texts.</param>
public sealed record Fields(OrMap<Text, MvRegister<Text>> Texts, OrMap<Text, CausalCounter> Counts) : IDotStore<Fields>
{
    /// <inheritdoc/>
    public static Fields Empty { get; } = new(OrMap<Text, MvRegister<Text>>.Empty, OrMap<Text, CausalCounter>.Empty);

    /// <inheritdoc/>
    public static byte Kind => 8;

    /// <inheritdoc/>
    public bool IsEmpty => Texts.IsEmpty && Counts.IsEmpty;

    /// <inheritdoc/>
    public IEnumerable<Dot> Dots => Texts.Dots.Concat(Counts.Dots);

    /// <inheritdoc/>
    public Fields Join(Fields other, CausalContext seen, CausalContext seenByOther) =>
        new(Texts.Join(other.Texts, seen, seenByOther), Counts.Join(other.Counts, seen, seenByOther));

    /// <inheritdoc/>
    public void Write(WireWriter writer)
    {
        Texts.Write(writer);
        Counts.Write(writer);
    }

    /// <inheritdoc/>
    public static Fields Read(WireReader reader) => new(OrMap<Text, MvRegister<Text>>.Read(reader), OrMap<Text, CausalCounter>.Read(reader));
}
