using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>A product with the version of its content.</summary>
/// <param name="Version">
/// Made from the content, not counted: a counter starts again with the process, and a client's condition would then match
/// a product it never saw. Two regions that hold the same product give it the same version.
/// </param>
internal sealed record CatalogEntry(Product Product, string Version)
{
    public static CatalogEntry Of(Product product)
    {
        // Only the last part may hold a line feed, so that no two products join to the same text.
        var content = string.Join('\n', product.Id, product.Sku, product.Price.Amount, product.Price.Currency, product.Name, product.Description);
        return new CatalogEntry(product, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 8)));
    }
}
