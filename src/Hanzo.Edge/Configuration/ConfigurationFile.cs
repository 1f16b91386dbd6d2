using System.Runtime.CompilerServices;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration;

/// <summary>The bytes of a configuration file, or why there are none.</summary>
/// <param name="Bytes">What the file holds, cut one byte past what is read at most; null where it cannot be read.</param>
/// <param name="Wrong">Why not.</param>
internal readonly record struct ConfigurationFile(byte[]? Bytes, string Wrong)
{
    /// <summary>Reads the file at <paramref name="path"/>, through links.</summary>
    // Once a second: to make it fast takes the runtime's compiler six megabytes.
    [MethodImpl(MethodImplOptions.NoOptimization)]
    public static ConfigurationFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            // A pipe has no length, and a file may grow while it is read.
            var likely = stream.CanSeek ? Math.Min(stream.Length, YamlText.MaxBytes) : YamlText.MaxBytes;
            var bytes = new byte[likely + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > likely && likely < YamlText.MaxBytes)
            {
                Array.Resize(ref bytes, YamlText.MaxBytes + 1);
                length += stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            }
            return new ConfigurationFile(bytes[..length], "");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ConfigurationFile(null, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationFile(null, Directory.Exists(path) ? "this is a directory" : "the file cannot be read; may this user read it?");
        }
    }
}
