using System.Security.Cryptography;

namespace Hanzo.Edge.Configuration;

/// <summary>Which configuration is meant, in receipts, logs and metrics.</summary>
/// <param name="Number">Counts the configurations this process has accepted, from 1.</param>
/// <param name="Hash">First 12 hex digits of the file's SHA-256, as sha256sum prints it: the same file has the same hash on every edge.</param>
internal sealed record ConfigurationVersion(long Number, string Hash)
{
    /// <summary>Before any configuration.</summary>
    public static ConfigurationVersion None { get; } = new(0, "");

    /// <summary>The hash of a file that holds <paramref name="bytes"/>.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

    /// <inheritdoc/>
    public override string ToString() => $"{Number}-{Hash}";
}
