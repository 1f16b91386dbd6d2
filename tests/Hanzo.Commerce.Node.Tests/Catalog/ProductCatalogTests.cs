using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Tests.Catalog;

public sealed class ProductCatalogTests
{
    private static Product Some(string id, long amount = 100) => new(id, "SKU-1", "Thing", "", new Money(amount, "EUR"));

    private static bool Always(CatalogEntry? existing) => true;

    [Fact]
    public void A_page_goes_on_after_an_id_that_is_gone_or_was_never_there()
    {
        var catalog = new ProductCatalog([Some("a"), Some("c"), Some("e")]);
        Assert.Equal(["c", "e"], catalog.List("b", 10).Products.Select(product => product.Id));
        Assert.Equal(["e"], catalog.List("c", 10).Products.Select(product => product.Id));
        Assert.Empty(catalog.List("e", 10).Products);
    }

    [Fact]
    public void There_is_more_only_when_a_further_page_would_hold_something()
    {
        var catalog = new ProductCatalog([Some("a"), Some("b")]);
        Assert.True(catalog.List(null, 1).HasMore);
        Assert.False(catalog.List(null, 2).HasMore);
        Assert.False(catalog.List("a", 1).HasMore);
    }

    [Fact]
    public void The_version_follows_from_the_content_alone()
    {
        Assert.Equal(CatalogEntry.Of(Some("a")).Version, CatalogEntry.Of(Some("a")).Version);
        Assert.NotEqual(CatalogEntry.Of(Some("a")).Version, CatalogEntry.Of(Some("a", 101)).Version);
        Assert.NotEqual(CatalogEntry.Of(Some("a")).Version, CatalogEntry.Of(Some("a") with { Description = "new" }).Version);
    }

    [Fact]
    public void A_full_catalog_replaces_but_takes_nothing_new()
    {
        var catalog = new ProductCatalog(Enumerable.Range(0, ProductCatalog.Capacity).Select(i => Some($"p{i}")));
        Assert.Equal(PutOutcome.Full, catalog.Put(Some("new"), Always).Outcome);
        Assert.Equal(PutOutcome.Replaced, catalog.Put(Some("p7", 200), Always).Outcome);
        Assert.Null(catalog.Find("new"));
    }

    [Fact]
    public async Task Of_writers_that_all_expect_the_same_state_one_wins()
    {
        var catalog = new ProductCatalog([Some("a")]);
        var expected = catalog.Find("a")!.Version;

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(i =>
            Task.Run(() => catalog.Put(Some("a", 1000 + i), existing => existing?.Version == expected).Outcome)));

        Assert.Equal(1, outcomes.Count(outcome => outcome == PutOutcome.Replaced));
        Assert.Equal(7, outcomes.Count(outcome => outcome == PutOutcome.PreconditionFailed));
    }

    [Fact]
    public void The_demo_catalog_would_pass_its_own_api()
    {
        foreach (var product in DemoCatalog.Products)
        {
            Assert.True(Product.IsId(product.Id), product.Id);
            Assert.True(Product.IsSku(product.Sku), product.Sku);
            Assert.True(CurrencyCodes.Has(product.Price.Currency), product.Price.Currency);
            Assert.InRange(product.Name.Length, 1, Product.MaxNameLength);
        }
        Assert.Equal(DemoCatalog.Products.Count, DemoCatalog.Products.Select(product => product.Id).Distinct().Count());
    }
}
