using System.Text.Json;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A cart as it is answered: with the prices of the catalog as this region knows it.</summary>
internal sealed class CartJson(ProductCatalog catalog)
{
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
        writer.WriteString("id", cart.Id);
        writer.WriteString("version", cart.Version);
        if (cart.Customer is not null)
            writer.WriteString("customer", cart.Customer);
        if (cart.Note is not null)
            writer.WriteString("note", cart.Note);
        if (cart.MergedInto is not null)
            writer.WriteString("merged_into", cart.MergedInto);
        if (cart.Order is not null)
            writer.WriteString("order", cart.Order);
        writer.WriteStartArray("lines");
        foreach (var line in cart.Lines)
            WriteLine(writer, line, totals);
        writer.WriteEndArray();
        writer.WriteStartArray("totals");
        for (var i = 0; i < totals.Count; i++)
            WriteMoney(writer, null, totals.GetValueAtIndex(i), totals.GetKeyAtIndex(i));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A product that this region does not know yet has no price here, and is in no total.</summary>
    private void WriteLine(Utf8JsonWriter writer, CartLine line, SortedList<string, Int128> totals)
    {
        writer.WriteStartObject();
        writer.WriteString("product", line.Product);
        writer.WriteNumber("quantity", line.Quantity);
        if (catalog.Find(line.Product)?.Product.Price is { } price)
        {
            var total = (Int128)price.Amount * line.Quantity;
            totals[price.Currency] = totals.GetValueOrDefault(price.Currency) + total;
            WriteMoney(writer, "unit_price", price.Amount, price.Currency);
            WriteMoney(writer, "total", total, price.Currency);
        }
        writer.WriteEndObject();
    }

    /// <summary>Amounts are 64-bit integers in the API: a sum that is none is told as the largest one.</summary>
    private static void WriteMoney(Utf8JsonWriter writer, string? name, Int128 amount, string currency)
    {
        if (name is null)
            writer.WriteStartObject();
        else
            writer.WriteStartObject(name);
        writer.WriteNumber("amount", (long)Int128.Min(amount, long.MaxValue));
        writer.WriteString("currency", currency);
        writer.WriteEndObject();
    }
}
