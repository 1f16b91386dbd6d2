using System.Globalization;
using System.Text.Json;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Registers;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Feeds;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A change as the feed tells it: what it befell, and what that is now in this region.</summary>
internal sealed class ChangeJson(Store store, CartJson carts, ProductCatalog catalog, ReplicationOptions options)
{
    /// <summary>The collections that changes are told of.</summary>
    public static IReadOnlyList<string> Collections { get; } = ["carts", "products", "events"];

    /// <summary>Each change of an entry with its collection and its place in it.</summary>
    public IEnumerable<(string Collection, string Key, int Part)> PartsOf(FeedEntry entry, IReadOnlySet<string> wanted) => entry.Entry.Changes
        .Select((change, part) => (store.Collections[change.Key.Collection].Name, change.Key.Key, part))
        .Where(part => wanted.Contains(part.Name));

    public void Write(Utf8JsonWriter writer, FeedEntry entry, (string Collection, string Key, int Part) part)
    {
        writer.WriteStartObject();
        writer.WriteString("change", $"{entry.Origin}:{entry.Sequence}:{part.Part}");
        writer.WriteString("collection", part.Collection);
        writer.WriteString("key", part.Key);
        writer.WriteString("node", options.NameOf(entry.Origin));
        writer.WriteString("at", TimeOf(entry));
        writer.WritePropertyName("data");
        WriteData(writer, part.Collection, part.Key);
        writer.WriteEndObject();
    }

    private static string TimeOf(FeedEntry entry) => entry.Stamp.WallTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private void WriteData(Utf8JsonWriter writer, string collection, string key)
    {
        if (collection == CartBook.Collection.Name && CartBook.Collection.In(store, key) is { } document && Cart.Of(key, document) is { } cart)
            carts.Write(writer, cart);
        else if (collection == EventBook.Collection.Name && EventBook.Collection.In(store, key) is { HasValue: true } row)
            writer.WriteRawValue(row.Value.Value);
        else if (collection == Collections[1] && catalog.Find(key) is { } entry)
            JsonSerializer.Serialize(writer, entry.Product, V1Json.Context.Product);
        else
            writer.WriteNullValue();
    }
}
