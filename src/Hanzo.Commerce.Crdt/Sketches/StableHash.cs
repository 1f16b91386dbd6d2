using System.Text;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// Text as 64 evenly spread bits, the same on every machine for ever: FNV-1a, then the finalizer of MurmurHash3. Part of what
/// sketches hold, so it may not change; it is no defence against chosen texts.
/// </summary>
public static class StableHash
{
    /// <summary>The bits of a text.</summary>
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ part) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
