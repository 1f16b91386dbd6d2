namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// FNV-1a, 64 bits (Fowler, Noll, Vo), folded once more: places keys and names members. What it answers is part of the
/// format on disk and between nodes, so it may not change; it is no defence against chosen keys.
/// </summary>
internal static class Fnv
{
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = 14695981039346656037UL ^ seed;
        foreach (var b in bytes)
            hash = (hash ^ b) * 1099511628211UL;
        return hash ^ (hash >> 32);
    }
}
