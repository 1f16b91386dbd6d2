namespace Hanzo.Commerce.Node.Orders;

/// <summary>The cart that an order was made from.</summary>
/// <param name="Version">Of the cart as the customer saw and bought it.</param>
internal sealed record CartOrigin(string Id, string Version);
