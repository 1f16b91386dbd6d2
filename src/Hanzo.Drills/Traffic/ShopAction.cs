using System.Collections.Immutable;

namespace Hanzo.Drills.Traffic;

/// <summary>Something that customers do: one request, or an errand of several (<see cref="Errands"/>).</summary>
/// <param name="Name">What drill files call it.</param>
/// <param name="State">The kind of state that it needs: read, local-write or consensus.</param>
/// <param name="Repeatable">Whether it may be sent again when nobody knows what became of it: idempotent, or with a key.</param>
/// <param name="ByDefault">Whether it is done where a drill does not say what is.</param>
internal sealed record ShopAction(string Name, string State, HttpMethod Method, string Path, bool Repeatable, bool ByDefault)
{
    /// <summary>Puts one unit into a cart that others fill, too, with a key: <see cref="Carts"/> makes the request.</summary>
    public static readonly ShopAction Fill = new("fill", "local-write", HttpMethod.Post, "/v1/carts", Repeatable: true, ByDefault: false);

    public static ImmutableArray<ShopAction> All { get; } =
    [
        new("browse", "read", HttpMethod.Get, "/v1/products?limit=5", Repeatable: true, ByDefault: true),
        new("look", "read", HttpMethod.Get, "/v1/products/beanie-wool", Repeatable: true, ByDefault: true),
        Fill,
        new("checkout", "consensus", HttpMethod.Post, "/v1/carts", Repeatable: true, ByDefault: false),
        new("order", "consensus", HttpMethod.Post, "/v1/orders", Repeatable: true, ByDefault: false),
        new("reserve", "consensus", HttpMethod.Post, "/v1/reservations", Repeatable: true, ByDefault: false),
        new("pay", "consensus", HttpMethod.Post, "/v1/payments", Repeatable: true, ByDefault: false),
        new("tell", "local-write", HttpMethod.Post, "/v1/events", Repeatable: true, ByDefault: false),
        new("revisit", "local-write", HttpMethod.Post, "/v1/carts", Repeatable: true, ByDefault: false),
    ];

    /// <summary>Whether there must be stock and a gateway.</summary>
    public bool NeedsShop => Name is "checkout" or "order" or "reserve" or "pay" or "tell";

    public static ShopAction? Find(string name) => All.FirstOrDefault(action => action.Name == name);

    public override string ToString() => Name;
}
