using System.Text;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Which shard a key lies in. Part of the data's format: FNV-1a over the key's UTF-8, mixed once (MurmurHash3's finalizer), modulo the count.</summary>
internal static class ShardKey
{
    public static int ShardOf(ReadOnlySpan<char> key, int count)
    {
        const int Short = 128;
        var most = Encoding.UTF8.GetMaxByteCount(key.Length);
        var octets = most <= Short ? stackalloc byte[Short] : new byte[most];
        var hash = 14695981039346656037UL;
        foreach (var octet in octets[..Encoding.UTF8.GetBytes(key, octets)])
            hash = (hash ^ octet) * 1099511628211UL;
        // The low bits of FNV-1a alone follow the last characters too closely.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return (int)((hash ^ (hash >> 33)) % (ulong)count);
    }
}
