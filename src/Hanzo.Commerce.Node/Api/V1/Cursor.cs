using System.Buffers.Text;
using System.Text;
using Hanzo.Commerce.Node.Catalog;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Where a list goes on: the last id of the page before, opaque to clients so that its inside may change.</summary>
internal static class Cursor
{
    public static string After(string id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(id));

    /// <summary>The id to go on after, or null when this is no cursor of ours.</summary>
    public static string? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Base64Url.IsValid(cursor, out var length) && length <= bytes.Length
            && Base64Url.TryDecodeFromChars(cursor, bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]) is var id && Product.IsId(id)
                ? id
                : null;
    }
}
