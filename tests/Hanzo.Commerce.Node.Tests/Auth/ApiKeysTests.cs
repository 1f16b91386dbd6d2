using Hanzo.Commerce.Node.Auth;

namespace Hanzo.Commerce.Node.Tests.Auth;

public sealed class ApiKeysTests
{
    [Fact]
    public void A_key_speaks_for_the_merchant_its_hash_stands_beside()
    {
        var keys = ApiKeys.Parse(["# who may", "", $"lamps  {ApiKeys.HashOf("hk_one")}", $"mugs {ApiKeys.HashOf("hk_two")}"]);
        Assert.Equal(("lamps", "mugs", null), (keys.MerchantOf("hk_one"), keys.MerchantOf("hk_two"), keys.MerchantOf("hk_three")));
    }

    [Fact]
    public void A_hash_is_not_a_key()
    {
        var hash = ApiKeys.HashOf("hk_one");
        Assert.Null(ApiKeys.Parse([$"lamps {hash}"]).MerchantOf(hash));
    }

    [Theory]
    [InlineData("lamps")]
    [InlineData("lamps hk_in_clear_text")]
    [InlineData("Lamps 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("a/b 0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_line_that_is_none_is_told(string line) =>
        Assert.StartsWith("line 2: ", Assert.Throws<FormatException>(() => ApiKeys.Parse(["# who may", line])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_that_two_lines_name_is_told()
    {
        var hash = ApiKeys.HashOf("hk_one");
        Assert.Throws<FormatException>(() => ApiKeys.Parse([$"lamps {hash}", $"mugs {hash}"]));
    }
}
