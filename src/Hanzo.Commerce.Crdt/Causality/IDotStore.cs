using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>
/// What is left of changes, each under its dot. It is no state by itself: together with the context of what was seen it makes
/// a <see cref="Causal{TStore}"/>. Stores nest, and all that are nested share one context.
/// </summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface IDotStore<T> : IEquatable<T> where T : class, IDotStore<T>
{
    /// <summary>Nothing is there.</summary>
    static abstract T Empty { get; }

    /// <summary>As <see cref="ICrdt{T}.Kind"/>.</summary>
    static abstract byte Kind { get; }

    /// <summary>Whether nothing is there. A map drops what is empty.</summary>
    bool IsEmpty { get; }

    /// <summary>Every dot under which something is there.</summary>
    IEnumerable<Dot> Dots { get; }

    /// <summary>Keeps what both hold, and what one holds that the other has not seen.</summary>
    T Join(T other, CausalContext seen, CausalContext seenByOther);

    /// <summary>Writes the same bytes for the same store.</summary>
    void Write(WireWriter writer);

    /// <summary>What it answers counts only while the reader has no problem.</summary>
    static abstract T Read(WireReader reader);
}
