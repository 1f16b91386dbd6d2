using System.Security.Cryptography;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>SHA-256 of what is small: each thread keeps what OpenSSL else makes and ends for every one, a quarter of its time.</summary>
internal static class Sha256
{
    [ThreadStatic]
    private static IncrementalHash? t_hash;

    /// <returns>How many bytes were written.</returns>
    public static int Of(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        var hash = t_hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        return hash.GetHashAndReset(into);
    }
}
