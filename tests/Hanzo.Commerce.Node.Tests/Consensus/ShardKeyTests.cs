using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Tests.Consensus;

public sealed class ShardKeyTests
{
    [Theory]
    [InlineData("demo/MUG-ENAMEL-350", 4, 1)]
    [InlineData("pay_019abc", 4, 2)]
    [InlineData("", 4, 2)]
    public void A_key_lies_in_the_same_shard_for_ever(string key, int count, int shard) => Assert.Equal(shard, ShardKey.ShardOf(key, count));

    [Fact]
    public void Keys_that_differ_in_their_last_characters_spread()
    {
        var counts = Enumerable.Range(0, 4_000).CountBy(i => ShardKey.ShardOf($"demo/SKU-{i}", 4)).Select(pair => pair.Value);
        Assert.All(counts, count => Assert.InRange(count, 900, 1_100));
    }
}
