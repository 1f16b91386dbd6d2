using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Idempotency;

public sealed class IdempotencyTests
{
    private readonly ShardUnderTest _shard = new();

    public IdempotencyTests() => _shard.Put("MUG", 10);

    private Result Adjust(long delta, KeyUse key) => _shard.Apply(new Entry(new AdjustStock(Merchant, "MUG", delta), key));

    [Fact]
    public void A_repeated_request_gets_the_first_answer_and_does_nothing()
    {
        var first = Adjust(5, Key("k"));
        _shard.Do(new AdjustStock(Merchant, "MUG", 1));
        var second = Adjust(5, Key("k"));

        Assert.False(first.Repeated);
        Assert.Equal(new Result(first.Reply, Repeated: true), second);
        Assert.Equal(16, _shard.Stock("MUG").OnHand);
    }

    [Fact]
    public void A_refusal_is_an_answer_too()
    {
        Adjust(-11, Key("k"));
        _shard.Do(new AdjustStock(Merchant, "MUG", 5));
        Assert.Equal("insufficient_stock", Code(Adjust(-11, Key("k")).Reply));
        Assert.Equal(15, _shard.Stock("MUG").OnHand);
    }

    [Fact]
    public void A_key_means_one_request()
    {
        Adjust(5, Key("k", "one"));
        Assert.Equal("idempotency_key_reused", Code(Adjust(6, Key("k", "other")).Reply));
        Assert.Equal(15, _shard.Stock("MUG").OnHand);
    }

    [Fact]
    public void A_key_is_answered_for_24_hours()
    {
        Adjust(5, Key("k"));
        _shard.Pass(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.True(Adjust(5, Key("k")).Repeated);
        _shard.Pass(TimeSpan.FromTicks(1));

        Assert.False(Adjust(5, Key("k")).Repeated);
        Assert.Equal((20, 1), (_shard.Stock("MUG").OnHand, _shard.State.Keys.Count));
    }

    [Fact]
    public void A_leader_whose_clock_is_behind_does_not_bring_a_key_to_life_again()
    {
        Adjust(5, Key("k"));
        _shard.Pass(TimeSpan.FromHours(24));
        var clock = _shard.State.Clock;
        _shard.Pass(-TimeSpan.FromHours(1));

        Assert.Equal(clock, _shard.State.Clock);
        Assert.False(Adjust(5, Key("k")).Repeated);
    }
}
