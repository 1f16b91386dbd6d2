using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Edge.Configuration.Reloading;

/// <summary>
/// What a configuration file and the files put into it hold at one moment. Comparing contents sees every way a file changes: in
/// place, by rename, by a symlink's new target, by a directory link above it as Kubernetes swaps a ConfigMap. File system
/// notifications do not, and on network mounts there are none.
/// </summary>
/// <param name="Bytes">The configuration file's bytes, or null where it cannot be read.</param>
/// <param name="Fingerprint">Equal where everything is equal.</param>
internal sealed record WatchedContent(byte[]? Bytes, string Fingerprint)
{
    /// <summary>Reads the file at <paramref name="path"/> and those at <paramref name="included"/>.</summary>
    public static WatchedContent Take(string path, IEnumerable<string> included)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var main = ConfigurationFile.Read(path);
        Append(hash, main);
        foreach (var file in included)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            Append(hash, ConfigurationFile.Read(file));
        }
        return new WatchedContent(main.Bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Each part is hashed by itself, so that bytes cannot move from one file to the next unseen.</summary>
    private static void Append(IncrementalHash hash, ConfigurationFile file)
        => hash.AppendData(file.Bytes is { } bytes ? SHA256.HashData(bytes) : Encoding.UTF8.GetBytes(file.Wrong));
}
