using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>What a fresh node sells: a small shop that is the same in every region.</summary>
internal static class DemoCatalog
{
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("beanie-wool", "BEANIE-WOOL-NVY", "Wool beanie", "Merino, ribbed, navy.", new Money(2900, "EUR")),
        new("bottle-steel", "BOTTLE-STL-750", "Steel bottle", "750 ml, double wall.", new Money(3400, "USD")),
        new("coffee-house-blend", "COFFEE-HSE-250", "House blend", "250 g, whole beans.", new Money(1250, "EUR")),
        new("coffee-single-origin", "COFFEE-SGL-250", "Single origin", "250 g, light roast, washed.", new Money(1690, "EUR")),
        new("hoodie-zip", "HOODIE-ZIP-GRY-M", "Zip hoodie", "Organic cotton, grey, size M.", new Money(6900, "USD")),
        new("mug-enamel", "MUG-ENAMEL-350", "Enamel mug", "350 ml, white with a blue rim.", new Money(1450, "USD")),
        new("notebook-dotted", "NOTEBOOK-A5-DOT", "Dotted notebook", "A5, 192 pages.", new Money(1800, "USD")),
        new("poster-harbour", "POSTER-HARBOUR-A2", "Harbour poster", "A2, screen print, numbered.", new Money(4500, "SGD")),
        new("socks-striped", "SOCKS-STR-4042", "Striped socks", "Cotton, size 40 to 42.", new Money(1200, "EUR")),
        new("tea-sencha", "TEA-SENCHA-100", "Sencha", "100 g, first flush.", new Money(2400, "JPY")),
        new("tote-canvas", "TOTE-CANVAS-NAT", "Canvas tote", "Heavy canvas, long handles.", new Money(2200, "USD")),
        new("tshirt-classic", "TSHIRT-CLS-BLK-L", "Classic T-shirt", "Heavy jersey, black, size L.", new Money(2500, "USD")),
    ];
}
