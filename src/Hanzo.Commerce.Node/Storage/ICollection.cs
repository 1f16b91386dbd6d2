namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// One kind of state: how its rows are written to disk and how what other nodes send is merged into them. States are
/// immutable; the same state always encodes to the same bytes, since nodes compare digests of them.
/// </summary>
internal interface ICollection
{
    /// <summary>Its number on disk and between nodes, never given again. From <see cref="FirstLocal"/> on: not replicated.</summary>
    byte Id { get; }

    /// <summary>Its name in figures and answers.</summary>
    string Name { get; }

    /// <summary>
    /// Whether memory keeps rows as their bytes. Worth it for rows that are many, small, and decoded faster than all their objects
    /// are moved by collections when they are changed again and again.
    /// </summary>
    bool IsKeptEncoded => false;

    /// <summary>The state these bytes encode, or null when they encode none.</summary>
    object? Decode(ReadOnlySpan<byte> bytes);

    byte[] Encode(object state);

    /// <summary>
    /// What is there joined with what another node sent: commutative, associative, idempotent. The object that is there where
    /// that brings nothing.
    /// </summary>
    /// <param name="state">What is there, or null for nothing.</param>
    /// <param name="delta">A state of this collection, as <see cref="Decode"/> answered it.</param>
    object Merge(object? state, object delta);

    /// <summary>
    /// Told of every change of a row, from here or elsewhere, inside its transaction: what is derived from rows is kept here.
    /// </summary>
    void Changed(StoreTransaction transaction, string key, object? before, object after)
    {
    }

    /// <summary>Told of every row that is on disk now, in the order of commits, before whoever changed it is answered.</summary>
    void Committed(string key, object state)
    {
    }

    /// <summary>Collections with this number or a higher one are derived on every node by itself: no log, no digest.</summary>
    const byte FirstLocal = 128;
}
