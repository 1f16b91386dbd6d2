using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Inventory;

public sealed class StockTests
{
    private readonly ShardUnderTest _shard = new();

    private static Condition IfMatch(params string[] versions) => new([.. versions], []);

    [Fact]
    public void Stock_is_replaced_only_against_the_version_that_was_counted()
    {
        var first = _shard.Put("MUG", 10);
        _shard.Reserve("res_1", ("MUG", 3));
        _shard.Commit("res_1");

        Assert.Equal("precondition_failed", Code(_shard.Do(new PutStock(Merchant, "MUG", 12, IfMatch($"{first.Version}")))));
        Assert.Equal("precondition_required", Code(_shard.Do(new PutStock(Merchant, "MUG", 12, Condition.None))));
        Assert.Equal(7, _shard.Stock("MUG").OnHand);

        var current = _shard.Stock("MUG").Version;
        var put = Assert.IsType<StockReply>(_shard.Do(new PutStock(Merchant, "MUG", 12, IfMatch($"{current}"))));
        Assert.Equal((12, 3, false), (put.Item.OnHand, put.Item.Committed, put.Created));
    }

    [Fact]
    public void A_put_that_only_creates_leaves_what_is_there()
    {
        _shard.Put("MUG", 10);
        Assert.Equal("precondition_failed", Code(_shard.Do(new PutStock(Merchant, "MUG", 12, new Condition([], ["*"])))));
        Assert.True(Assert.IsType<StockReply>(_shard.Do(new PutStock(Merchant, "CUP", 12, new Condition([], ["*"])))).Created);
    }

    [Fact]
    public void Putting_the_same_number_again_changes_nothing()
    {
        var first = _shard.Put("MUG", 10);
        Assert.Equal(first, _shard.Put("MUG", 10));
    }

    [Fact]
    public void Held_units_cannot_be_counted_or_adjusted_away()
    {
        _shard.Put("MUG", 10);
        _shard.Reserve("res_1", ("MUG", 6));

        Assert.Equal("insufficient_stock", Code(_shard.Do(new AdjustStock(Merchant, "MUG", -5))));
        Assert.Equal("insufficient_stock", Code(_shard.Do(new PutStock(Merchant, "MUG", 5, IfMatch("*")))));
        Assert.Equal(6, Assert.IsType<StockReply>(_shard.Do(new AdjustStock(Merchant, "MUG", -4))).Item.OnHand);
    }

    [Fact]
    public void Stock_has_an_upper_bound()
    {
        _shard.Put("MUG", StockItem.MaxOnHand);
        Assert.Equal("stock_too_large", Code(_shard.Do(new AdjustStock(Merchant, "MUG", 1))));
    }

    [Fact]
    public void What_was_never_put_can_be_neither_adjusted_nor_found()
    {
        Assert.Equal("stock_not_found", Code(_shard.Do(new AdjustStock(Merchant, "MUG", 1))));
        Assert.Equal("stock_not_found", Code(_shard.Ask(new FindStock(Merchant, "MUG"))));
    }

    [Fact]
    public void A_merchant_sees_only_its_own()
    {
        _shard.Put("MUG", 10);
        _shard.Do(new PutStock("demo2", "ANVIL", 1, Condition.None));

        Assert.Equal("stock_not_found", Code(_shard.Ask(new FindStock("demo2", "MUG"))));
        Assert.Equal(["MUG"], Assert.IsType<StockPage>(_shard.Ask(new ListStock(Merchant, null, 10))).Items.Select(item => item.Sku));
        Assert.Equal(["ANVIL"], Assert.IsType<StockPage>(_shard.Ask(new ListStock("demo2", null, 10))).Items.Select(item => item.Sku));
    }
}
