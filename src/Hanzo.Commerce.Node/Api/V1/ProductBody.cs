using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        // What an answer told of conflicts may come back: a PUT settles them all.
        reading.Pass("conflicts");
        var product = new Product(
            id,
            reading.Text("sku", Product.IsSku, "1 to 64 upper-case letters, digits and inner hyphens"),
            reading.Text("name", IsName, $"1 to {Product.MaxNameLength} characters without control characters"),
            reading.OptionalText("description", text => text.Length <= Product.MaxDescriptionLength, $"At most {Product.MaxDescriptionLength} characters") ?? "",
            reading.Object("price", ReadPrice));
        product = product with
        {
            Prices = ReadPrices(reading, product.Price.Currency),
            Attributes = ReadAttributes(reading),
            Variants = reading.OptionalObjects("variants", Product.MaxVariants, ReadVariant) is { Length: > 0 } variants
                ? [.. variants.OrderBy(variant => variant.Sku, StringComparer.Ordinal)]
                : null,
        };
        if (product.Variants?.DistinctBy(variant => variant.Sku).Count() < product.Variants?.Count)
            errors.Add(new FieldError("/variants", "invalid_value", "Each variant has a SKU of its own."));
        reading.End();

        return errors is [var first, ..]
            ? (null, new Problem(StatusCodes.Status400BadRequest, first.Code, "The body is not a product; errors lists every reason.") { Errors = [.. errors] })
            : (product, null);
    }

    /// <summary>A product after a JSON Merge Patch (RFC 7396).</summary>
    public static (Product? Product, Problem? Problem) Patch(Product product, JsonElement patch)
    {
        var whole = JsonSerializer.SerializeToNode(product with { Conflicts = null }, V1Json.Context.Product)!.AsObject();
        var patched = patch.ValueKind == JsonValueKind.Object ? Merge(whole, JsonObject.Create(patch)!) : whole;
        if (patch.ValueKind != JsonValueKind.Object)
            return (null, new Problem(StatusCodes.Status400BadRequest, "wrong_type", "A patch is an object of the members to change."));
        using var document = JsonDocument.Parse(patched.ToJsonString());
        return Read(document.RootElement, product.Id);
    }

    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner)
                target[name] = Merge(target[name] is JsonObject there ? (JsonObject)there.DeepClone() : [], inner);
            else
                target[name] = value.DeepClone();
        }
        return target;
    }

    private static Variant ReadVariant(ObjectReading reading) => new(
        reading.Text("sku", Product.IsSku, "1 to 64 upper-case letters, digits and inner hyphens"),
        reading.OptionalText("name", text => text.Length == 0 || IsName(text), $"At most {Product.MaxNameLength} characters without control characters") ?? "")
    {
        Prices = ReadPrices(reading, null),
        Attributes = ReadAttributes(reading),
    };

    private static IReadOnlyList<Money>? ReadPrices(ObjectReading reading, string? taken)
    {
        var prices = reading.OptionalObjects("prices", Product.MaxPrices, ReadPrice);
        if (prices.Any(price => price.Currency == taken) || prices.DistinctBy(price => price.Currency).Count() < prices.Length)
            reading.Refuse("prices", "Each price is in a currency of its own.");
        return prices.IsEmpty ? null : [.. prices.OrderBy(price => price.Currency, StringComparer.Ordinal)];
    }

    private static ImmutableSortedDictionary<string, string>? ReadAttributes(ObjectReading reading)
    {
        var attributes = reading.OptionalTexts("attributes", Product.MaxAttributes, Product.IsAttribute, text => text.Length is > 0 and <= Product.MaxAttributeLength,
            $"Names of 1 to 40 lower-case letters, digits and underscores, with texts of 1 to {Product.MaxAttributeLength} characters");
        return attributes.IsEmpty ? null : attributes;
    }

    private static Money ReadPrice(ObjectReading price) => new(
        price.WholeNumber("amount", amount => amount >= 0, "A whole number of minor units, 0 or more"),
        price.Text("currency", CurrencyCodes.Has, "An ISO 4217 code such as EUR"));

    private static bool IsName(string text) => text.Length is > 0 and <= Product.MaxNameLength && !text.Any(char.IsControl);
}
