using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Tests.Replication;

namespace Hanzo.Commerce.Node.Tests.Catalog;

public sealed class ProductCatalogTests : IAsyncLifetime
{
    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await ThreeNodes.Start();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Fresh_nodes_sell_the_same_in_the_same_versions_and_send_each_other_nothing_for_it()
    {
        await _nodes.Converge();
        var versions = Enumerable.Range(0, 3).Select(node => DemoCatalog.Products.Select(product => CatalogOf(node).Find(product.Id)!.Version).ToArray()).ToArray();
        Assert.All(versions, other => Assert.Equal(versions[0], other));
        Assert.Empty(_nodes.StoreOf(0).Vector.Entries);
    }

    [Fact]
    public async Task Edits_of_different_fields_in_two_regions_both_survive()
    {
        await Task.WhenAll(
            Edit(0, "mug-enamel", product => product with { Name = "Big mug" }),
            Edit(1, "mug-enamel", product => product with { Prices = [new Money(1300, "EUR")] }));
        await _nodes.Converge();
        var mug = CatalogOf(2).Find("mug-enamel")!.Product;
        Assert.Equal(("Big mug", 1300L), (mug.Name, mug.PriceIn("EUR")!.Value.Amount));
        Assert.Null(mug.Conflicts);
    }

    [Fact]
    public async Task Edits_of_one_field_show_the_later_and_keep_the_other_until_somebody_settles_it()
    {
        // One at a time: neither of the two that write can have heard of the other's edit.
        await _nodes.Stop(1);
        await _nodes.Stop(2);
        await Edit(0, "tea-sencha", product => product with { Name = "Sencha, spring" });
        await _nodes.Stop(0);
        await _nodes.Start(1);
        await Edit(1, "tea-sencha", product => product with { Name = "Sencha, first flush" });
        await _nodes.Start(0);
        await _nodes.Start(2);
        await _nodes.Converge();

        var tea = CatalogOf(2).Find("tea-sencha")!.Product;
        Assert.Equal("Sencha, first flush", tea.Name);
        Assert.Equal(new Conflict("name", "Sencha, spring"), Assert.Single(tea.Conflicts!));

        await Edit(2, "tea-sencha", product => product);
        await _nodes.Converge();
        Assert.Null(CatalogOf(0).Find("tea-sencha")!.Product.Conflicts);
    }

    [Fact]
    public async Task A_catalog_is_there_again_after_a_start()
    {
        await Edit(0, "lamp", _ => new Product("lamp", "LAMP-1", "Lamp", "", new Money(9900, "EUR")) { Variants = [new("LAMP-1-RED", "red") { Attributes = new Dictionary<string, string> { ["colour"] = "red" } }] });
        var before = CatalogOf(0).Find("lamp")!;
        await _nodes.Stop(0);
        await _nodes.Start(0);
        Assert.Equal(before.Version, CatalogOf(0).Find("lamp")!.Version);
        Assert.Equal("red", CatalogOf(0).Find("lamp")!.Product.Variants![0].Attributes!["colour"]);
    }

    [Fact]
    public async Task Of_writers_that_all_expect_the_same_state_one_wins()
    {
        var expected = CatalogOf(0).Find("tote-canvas")!;
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => CatalogOf(0).Change(
            "tote-canvas",
            existing => existing!.Version == expected.Version ? (existing.Product with { Name = $"Tote {i}" }, default) : (null, PutOutcome.PreconditionFailed),
            _ => true)));
        Assert.Single(outcomes, result => result.Outcome == PutOutcome.Replaced);
        Assert.Equal(7, outcomes.Count(result => result.Outcome == PutOutcome.PreconditionFailed));
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

    private ProductCatalog CatalogOf(int node) => _nodes.Of<ProductCatalog>(node);

    private async Task Edit(int node, string id, Func<Product, Product> edit) =>
        await CatalogOf(node).Change(id, existing => (edit(existing?.Product!), default), _ => true);
}
