using System.Text.Json;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A cart as it is answered: with the prices of the catalog as this region knows it.</summary>
internal sealed class CartJson(ProductCatalog catalog)
{
    // Encoded once: a cart's answer is mostly names.
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText VersionName = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText CustomerName = JsonEncodedText.Encode("customer");
    private static readonly JsonEncodedText NoteName = JsonEncodedText.Encode("note");
    private static readonly JsonEncodedText MergedIntoName = JsonEncodedText.Encode("merged_into");
    private static readonly JsonEncodedText OrderName = JsonEncodedText.Encode("order");
    private static readonly JsonEncodedText LinesName = JsonEncodedText.Encode("lines");
    private static readonly JsonEncodedText TotalsName = JsonEncodedText.Encode("totals");
    private static readonly JsonEncodedText ProductName = JsonEncodedText.Encode("product");
    private static readonly JsonEncodedText QuantityName = JsonEncodedText.Encode("quantity");
    private static readonly JsonEncodedText UnitPriceName = JsonEncodedText.Encode("unit_price");
    private static readonly JsonEncodedText TotalName = JsonEncodedText.Encode("total");
    private static readonly JsonEncodedText AmountName = JsonEncodedText.Encode("amount");
    private static readonly JsonEncodedText CurrencyName = JsonEncodedText.Encode("currency");

    public Task Write(HttpContext context, Cart cart)
    {
        var json = JsonBytes.Of((Self: this, Cart: cart), static (writer, of) => of.Self.Write(writer, of.Cart));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    public void Write(Utf8JsonWriter writer, Cart cart)
    {
        var totals = new SortedList<string, Int128>(StringComparer.Ordinal);
        writer.WriteStartObject();
        writer.WriteString(IdName, cart.Id);
        writer.WriteString(VersionName, cart.Version);
        if (cart.Customer is not null)
            writer.WriteString(CustomerName, cart.Customer);
        if (cart.Note is not null)
            writer.WriteString(NoteName, cart.Note);
        if (cart.MergedInto is not null)
            writer.WriteString(MergedIntoName, cart.MergedInto);
        if (cart.Order is not null)
            writer.WriteString(OrderName, cart.Order);
        writer.WriteStartArray(LinesName);
        foreach (var line in cart.Lines)
            WriteLine(writer, line, totals);
        writer.WriteEndArray();
        writer.WriteStartArray(TotalsName);
        for (var i = 0; i < totals.Count; i++)
            WriteMoney(writer, null, totals.GetValueAtIndex(i), totals.GetKeyAtIndex(i));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A product that this region does not know yet has no price here, and is in no total.</summary>
    private void WriteLine(Utf8JsonWriter writer, CartLine line, SortedList<string, Int128> totals)
    {
        writer.WriteStartObject();
        writer.WriteString(ProductName, line.Product);
        writer.WriteNumber(QuantityName, line.Quantity);
        if (catalog.Find(line.Product)?.Product.Price is { } price)
        {
            var total = (Int128)price.Amount * line.Quantity;
            totals[price.Currency] = totals.GetValueOrDefault(price.Currency) + total;
            WriteMoney(writer, UnitPriceName, price.Amount, price.Currency);
            WriteMoney(writer, TotalName, total, price.Currency);
        }
        writer.WriteEndObject();
    }

    /// <summary>Amounts are 64-bit integers in the API: a sum that is none is told as the largest one.</summary>
    private static void WriteMoney(Utf8JsonWriter writer, JsonEncodedText? name, Int128 amount, string currency)
    {
        if (name is null)
            writer.WriteStartObject();
        else
            writer.WriteStartObject(name.Value);
        writer.WriteNumber(AmountName, (long)Int128.Min(amount, long.MaxValue));
        writer.WriteString(CurrencyName, currency);
        writer.WriteEndObject();
    }
}
