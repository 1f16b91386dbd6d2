using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>A short name for what a document has seen, for entity tags.</summary>
internal static class CausalVersion
{
    /// <summary>Bytes of an origin, a sign, a number and a comma at most.</summary>
    private const int MostOfOne = 16 + 1 + 19 + 1;

    public static string Of(CausalContext context)
    {
        Span<byte> little = stackalloc byte[512];
        var most = (context.Vector.Entries.Length + context.Early.Length) * MostOfOne;
        var seen = most <= little.Length ? little : new byte[most];
        var length = 0;
        foreach (var (origin, number) in context.Vector.Entries)
            length += Write(seen[length..], origin, ':', number);
        foreach (var dot in context.Early)
            length += Write(seen[length..], dot.Replica, '+', dot.Number);
        return Of(seen[..length]);
    }

    /// <summary>16 hexadecimal digits that follow from a text.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    private static string Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Sha256.Of(text, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    private static int Write(Span<byte> into, ReplicaId origin, char sign, long number) =>
        Utf8.TryWrite(into, CultureInfo.InvariantCulture, $"{origin.Value:x16}{sign}{number},", out var length)
            ? length
            : throw new InvalidOperationException($"{origin} and {number} take more than {MostOfOne} bytes.");
}
