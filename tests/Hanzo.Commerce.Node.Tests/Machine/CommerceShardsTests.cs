using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class CommerceShardsTests
{
    private static readonly KeyUse Key = new("once", "a hash");

    private readonly LivingShards _world = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_with_a_key_that_was_on_its_way_to_a_leader_that_died_is_sent_to_the_next_and_done_once(bool isApplied)
    {
        var (shards, sent) = await Stocked(isApplied, TimeSpan.FromSeconds(1));

        var submitted = await shards.Do(0, new AdjustStock(LivingShards.Merchant, "MUG", 5), CancellationToken.None, Key);

        Assert.Equal((15, 2), (Assert.IsType<StockReply>(submitted.Reply).Item.OnHand, sent()));
    }

    [Fact]
    public async Task One_without_a_key_is_not_guessed_about()
    {
        var (shards, sent) = await Stocked(isApplied: true, TimeSpan.FromSeconds(1));

        var submitted = await shards.Do(0, new AdjustStock(LivingShards.Merchant, "MUG", 5), CancellationToken.None);

        Assert.Equal((true, null, 1), (submitted.MayBeApplied, submitted.Reply, sent()));
    }

    [Fact]
    public async Task One_whose_leader_was_waited_for_already_is_not_waited_for_again()
    {
        var (shards, sent) = await Stocked(isApplied: true, TimeSpan.FromSeconds(5));

        var submitted = await shards.Do(0, new AdjustStock(LivingShards.Merchant, "MUG", 5), CancellationToken.None, Key);

        Assert.Equal((true, null, 1), (submitted.MayBeApplied, submitted.Reply, sent()));
    }

    [Fact]
    public async Task One_that_began_what_others_have_to_finish_may_be_applied()
    {
        var (shards, sent) = await Stocked(isApplied: true, TimeSpan.FromSeconds(1));
        var reserve = new Reserve(shards.NewId("res", 0), LivingShards.Merchant, [new Line("MUG", 1)], [new PartPlan(1, [new Line("CUP", 1)])], TimeSpan.FromMinutes(15));

        var submitted = await shards.Do(0, reserve, CancellationToken.None, Key);

        Assert.Equal((true, null, 2), (submitted.MayBeApplied, submitted.Reply, sent()));
    }

    private async Task<(CommerceShards Shards, Func<int> Sent)> Stocked(bool isApplied, TimeSpan after)
    {
        await _world.Survivor().Do(0, new PutStock(LivingShards.Merchant, "MUG", 10, Condition.None));
        var forgetful = new ForgetfulShards(_world.All, isApplied, after, _world.Time.Advance);
        return (new CommerceShards(forgetful, _world.Time), () => forgetful.Sent);
    }
}
