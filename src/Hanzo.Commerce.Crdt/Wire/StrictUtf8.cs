using System.Text;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>UTF-8 that replaces nothing: what cannot be written back the same is refused.</summary>
internal static class StrictUtf8
{
    public static UTF8Encoding Encoding { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
