using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Elements;

/// <summary>What sets hold, maps have as keys and registers as values: it compares, and goes to bytes and back.</summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface IElement<T> : IEquatable<T>, IComparable<T> where T : IElement<T>
{
    /// <summary>Writes one byte at least; equal elements write the same bytes.</summary>
    void Write(WireWriter writer);

    /// <summary>What it answers counts only while the reader has no problem.</summary>
    static abstract T Read(WireReader reader);
}
