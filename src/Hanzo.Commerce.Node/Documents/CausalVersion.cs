using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>A short name for what a document has seen, for entity tags.</summary>
internal static class CausalVersion
{
    public static string Of(CausalContext context)
    {
        var seen = new StringBuilder();
        foreach (var (origin, number) in context.Vector.Entries)
            seen.Append(CultureInfo.InvariantCulture, $"{origin}:{number},");
        foreach (var dot in context.Early)
            seen.Append(CultureInfo.InvariantCulture, $"{dot.Replica}+{dot.Number},");
        return Of(seen.ToString());
    }

    /// <summary>16 hexadecimal digits that follow from a text.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
