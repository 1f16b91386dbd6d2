using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt;

/// <summary>
/// A replicated state: an element of a join semilattice. Merging is commutative, associative and idempotent, so replicas
/// that have seen the same changes are equal, whatever the order, however often. A change is made as a delta: a small state
/// that is merged here and sent to the others, and merging deltas comes to the same as merging whole states (Almeida,
/// Shoker, Baquero: Delta state replicated data types, 2018). States are immutable.
/// </summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface ICrdt<T> : IEquatable<T> where T : class, ICrdt<T>
{
    /// <summary>What every replica starts with; merging it changes nothing.</summary>
    static abstract T Empty { get; }

    /// <summary>The type's number in encodings, never given again. Types outside this project begin at 64.</summary>
    static abstract byte Kind { get; }

    /// <summary>The least state that holds what both hold.</summary>
    T Merge(T other);

    /// <summary>Writes every field, unknown ones too. The same state always writes the same bytes.</summary>
    void Write(StateWriter writer);

    /// <summary>Reads the fields it knows and keeps the rest. What it answers counts only while the reader has no problem.</summary>
    static abstract T Read(StateReader reader);
}
