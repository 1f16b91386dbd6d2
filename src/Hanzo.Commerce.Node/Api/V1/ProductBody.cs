using System.Text.Json;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A product as it comes in the body of a PUT. The id stands in the path and may be repeated in the body.</summary>
internal static class ProductBody
{
    public static (Product? Product, Problem? Problem) Read(JsonElement body, string id)
    {
        var errors = new List<FieldError>();
        var reading = new ObjectReading(body, "", errors);
        reading.OptionalText("id", text => text == id, "The id that the path names");
        var product = new Product(
            id,
            reading.Text("sku", Product.IsSku, "1 to 64 upper-case letters, digits and inner hyphens"),
            reading.Text("name", text => text.Length is > 0 and <= Product.MaxNameLength && IsPlain(text), $"1 to {Product.MaxNameLength} characters without control characters"),
            reading.OptionalText("description", text => text.Length <= Product.MaxDescriptionLength, $"At most {Product.MaxDescriptionLength} characters") ?? "",
            reading.Object("price", ReadPrice));
        reading.End();

        return errors is [var first, ..]
            ? (null, new Problem(StatusCodes.Status400BadRequest, first.Code, "The body is not a product; errors lists every reason.") { Errors = [.. errors] })
            : (product, null);
    }

    private static Money ReadPrice(ObjectReading price) => new(
        price.WholeNumber("amount", amount => amount >= 0, "A whole number of minor units, 0 or more"),
        price.Text("currency", CurrencyCodes.Has, "An ISO 4217 code such as EUR"));

    private static bool IsPlain(string text) => !text.Any(char.IsControl);
}
