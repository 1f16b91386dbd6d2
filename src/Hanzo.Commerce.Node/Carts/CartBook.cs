using System.Globalization;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Carts;

/// <summary>The carts of this node: every change is written here, in this region, and joined with what the others wrote.</summary>
internal sealed class CartBook(Store store)
{
    public static DocumentCollection Collection { get; } = new(1, "carts");

    public async ValueTask<Cart?> Find(string id) => await Collection.Find(store, id) is { } document ? Cart.Of(id, document) : null;

    public async Task<Cart> Create(string id, string? customer, string? note) => (await Change(id, mayCreate: true, draft =>
    {
        draft.Set(Cart.CreatedPath, "1");
        SetTexts(draft, customer, note);
        return CartOutcome.Done;
    })).Cart!;

    /// <summary>Writes the members that are given; an empty text takes the member away.</summary>
    public Task<CartResult> Describe(string id, string? customer, string? note) => Change(id, mayCreate: false, draft =>
    {
        SetTexts(draft, customer, note);
        return CartOutcome.Done;
    });

    /// <summary>Puts some more of a product in.</summary>
    /// <param name="key">What the client calls this request: with the same key it counts once, in whatever region it arrives.</param>
    public Task<CartResult> Add(string id, string product, long quantity, string? key) => Change(id, mayCreate: false, draft =>
    {
        if (key is null)
            draft.Add(product, quantity);
        else
            AddOnce(draft, Cart.KeyedPath(product, key), quantity);
        return CartOutcome.Done;
    });

    /// <summary>Puts exactly this many of a product in, in the place of all that is seen here; 0 takes the line out.</summary>
    public Task<CartResult> Set(string id, string product, long quantity) => Change(id, mayCreate: false, draft =>
    {
        RemoveLine(draft, product);
        if (quantity > 0)
            draft.Add(product, quantity);
        return CartOutcome.Done;
    });

    /// <summary>Says in the cart which order was made of it. Its lines stay, and so does what is put in meanwhile.</summary>
    public Task<CartResult> MarkOrdered(string id, string order) => Change(id, mayCreate: false, draft =>
    {
        draft.Set(Cart.OrderPath, order);
        return CartOutcome.Done;
    });

    /// <summary>
    /// Moves the lines of one cart into another. Done twice, or in two regions at once, they are still moved once: each
    /// moved quantity has a key that follows from what was moved.
    /// </summary>
    public Task<CartResult> Merge(string id, string from) => store.Change(transaction =>
    {
        var (target, source) = (Collection.In(transaction, id), Collection.In(transaction, from));
        if (target.IsUnwritten)
            return new CartResult(CartOutcome.NotFound, null);
        if (Cart.Of(from, source) is not { } anonymous)
            return new CartResult(CartOutcome.SourceNotFound, null);
        if (anonymous.MergedInto is { } other && other != id)
            return new CartResult(CartOutcome.MergedElsewhere, null);

        var into = new Draft(target, transaction.Self, transaction.Stamp);
        var taken = new Draft(source, transaction.Self, transaction.Stamp);
        foreach (var (product, quantity) in anonymous.Lines)
        {
            AddOnce(into, Cart.KeyedPath(product, $"{from} {anonymous.Version}"), quantity);
            RemoveLine(taken, product);
        }
        taken.Set(Cart.MergedPath, id);
        var merged = Cart.Of(id, into.After)!;
        if (IsTooMuch(merged, into))
            return new CartResult(CartOutcome.Full, null);
        Collection.Write(transaction, id, into);
        Collection.Write(transaction, from, taken);
        return new CartResult(CartOutcome.Done, merged);
    });

    private Task<CartResult> Change(string id, bool mayCreate, Func<Draft, CartOutcome> change) => store.Change(transaction =>
    {
        var before = Collection.In(transaction, id);
        if (!mayCreate && before.IsUnwritten)
            return new CartResult(CartOutcome.NotFound, null);
        var draft = new Draft(before, transaction.Self, transaction.Stamp);
        if (change(draft) is var outcome and not CartOutcome.Done)
            return new CartResult(outcome, null);
        var cart = Cart.Of(id, draft.After)!;
        if (IsTooMuch(cart, draft))
            return new CartResult(CartOutcome.Full, null);
        Collection.Write(transaction, id, draft);
        return new CartResult(CartOutcome.Done, cart);
    });

    /// <summary>What a cart may not become. What another region wrote meanwhile may still add up to more: that is not lost.</summary>
    private static bool IsTooMuch(Cart cart, Draft draft) =>
        cart.Lines.Length > Cart.MaxLines || cart.Lines.Any(line => line.Quantity > Cart.MaxQuantity) || draft.After.Store.Texts.Count > 4 * Cart.MaxLines;

    private static void SetTexts(Draft draft, string? customer, string? note)
    {
        if (customer is not null)
            SetText(draft, Cart.CustomerPath, customer);
        if (note is not null)
            SetText(draft, Cart.NotePath, note);
    }

    private static void SetText(Draft draft, string path, string text)
    {
        if (text.Length == 0)
            draft.Remove(path);
        else
            draft.Set(path, text);
    }

    private static void AddOnce(Draft draft, string path, long quantity)
    {
        if (!draft.After.Store.Texts.Contains(path))
            draft.Set(path, quantity.ToString(CultureInfo.InvariantCulture));
    }

    private static void RemoveLine(Draft draft, string product)
    {
        draft.RemoveCount(product);
        foreach (var path in Cart.KeyedPathsOf(draft.After, product).ToList())
            draft.Remove(path);
    }
}

/// <summary>What became of a change, and the cart as it is then.</summary>
internal sealed record CartResult(CartOutcome Outcome, Cart? Cart);

internal enum CartOutcome
{
    Done,
    NotFound,
    SourceNotFound,
    MergedElsewhere,

    /// <summary>More lines, more of a product, or more separate additions than a cart holds.</summary>
    Full,
}
