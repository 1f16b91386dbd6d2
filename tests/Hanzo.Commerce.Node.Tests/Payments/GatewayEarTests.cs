using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Tests.Machine;
using Hanzo.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Hanzo.Commerce.Node.Tests.Machine.LivingShards;

namespace Hanzo.Commerce.Node.Tests.Payments;

/// <summary>What a gateway says by itself, by the scripts of the fake.</summary>
public sealed class GatewayEarTests : IDisposable
{
    private readonly LivingShards _world = new();
    private readonly FakeGateway _gateway;
    private readonly LivingShards.Node _node;
    private readonly GatewayEar _ear;
    private readonly string _id;

    public GatewayEarTests()
    {
        _gateway = new FakeGateway(_world.Time);
        _node = _world.Survivor(_gateway);
        _ear = new GatewayEar(GatewayRouting.Only(_gateway), _node.Shards, _world.Time, NullLogger<GatewayEar>.Instance);
        _id = _node.Shards.NewId("pay", 1);
    }

    public void Dispose() => _ear.Dispose();

    private async Task Pay(string method)
    {
        await _node.Do(1, new CreatePayment(_id, Merchant, new Money(1_000, "EUR"), method, null));
        await Ask(TransactionKind.Authorize);
    }

    private async Task<Payment> Ask(TransactionKind kind)
    {
        await _node.Payments.Do(new BeginTransaction(Merchant, _id, kind, null, null, [_gateway.Name]), null, CancellationToken.None);
        return await Payment();
    }

    private async Task<Payment> Payment() => (await _node.Payments.Find(Merchant, _id, CancellationToken.None))!;

    /// <summary>Listens until as many notices were written down.</summary>
    private async Task Hear(int count)
    {
        await using var notices = _gateway.Notices(CancellationToken.None).GetAsyncEnumerator();
        for (var heard = 0; heard < count; heard++)
        {
            var next = notices.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                _world.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }
            Assert.NotNull(await _ear.Hear(_gateway.Name, notices.Current, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_webhook_that_comes_twice_after_the_answer_changes_nothing()
    {
        await Pay("card_duplicate_webhook");
        var captured = await Ask(TransactionKind.Capture);
        Assert.Equal(PaymentStatus.Captured, captured.Status);

        await Hear(4);

        Assert.Equal(captured.Version, (await Payment()).Version);
    }

    [Fact]
    public async Task A_webhook_that_comes_before_the_answer_is_the_answer()
    {
        await _node.Do(1, new CreatePayment(_id, Merchant, new Money(1_000, "EUR"), "card_duplicate_webhook", null));
        await _node.Do(1, new BeginTransaction(Merchant, _id, TransactionKind.Authorize, null, null, [_gateway.Name]));
        var pending = await Payment();
        await _gateway.Perform(GatewayRequest.Of(pending, pending.Pending!), CancellationToken.None);

        await Hear(2);

        Assert.Equal(PaymentStatus.Authorized, (await Payment()).Status);
        Assert.Single((await Payment()).Transactions);
    }

    [Fact]
    public async Task A_capture_fails_after_it_had_succeeded()
    {
        await Pay("card_late_capture_failure");
        Assert.Equal(PaymentStatus.Captured, (await Ask(TransactionKind.Capture)).Status);
        var before = _world.Time.GetUtcNow();

        await Hear(1);

        Assert.True(_world.Time.GetUtcNow() >= before + FakeGateway.Late);
        var failed = await Payment();
        Assert.Equal((PaymentStatus.Failed, 0, "late_failure"), (failed.Status, failed.Captured, failed.Transactions[^1].Code));
    }

    [Fact]
    public async Task A_failure_that_comes_while_money_may_go_back_waits_for_what_comes_of_that()
    {
        await Pay("card_late_capture_failure");
        await Ask(TransactionKind.Capture);
        await _node.Do(1, new BeginTransaction(Merchant, _id, TransactionKind.Refund, 1, null, []));
        var hearing = _ear.Hear(_gateway.Name, new GatewayNotice(Merchant, _id, 2, GatewayResult.Declined("late_failure")), CancellationToken.None).AsTask();
        Assert.False(hearing.IsCompleted);

        await _node.Do(1, new SettleTransaction(Merchant, _id, 3, GatewayResult.Declined("no")));
        await Ends(hearing);

        Assert.Equal(PaymentStatus.Failed, Assert.IsType<PaymentReply>(await hearing).Payment.Status);
    }

    [Fact]
    public async Task A_payment_that_is_busy_keeps_no_other_waiting()
    {
        await Pay("card_late_capture_failure");
        await Ask(TransactionKind.Capture);
        await _node.Do(1, new BeginTransaction(Merchant, _id, TransactionKind.Refund, 1, null, []));
        var other = _node.Shards.NewId("pay", 1);
        await _node.Do(1, new CreatePayment(other, Merchant, new Money(1_000, "EUR"), "card_late_capture_failure", null));
        foreach (var kind in new[] { TransactionKind.Authorize, TransactionKind.Capture })
            await _node.Payments.Do(new BeginTransaction(Merchant, other, kind, null, null, [_gateway.Name]), null, CancellationToken.None);

        var hearing = _ear.Hear(_gateway.Name, Say(_id, other), CancellationToken.None);
        await Eventually.Holds("the other is heard", async () => (await _node.Payments.Find(Merchant, other, CancellationToken.None))!.Status == PaymentStatus.Failed);
        Assert.NotEqual(PaymentStatus.Failed, (await Payment()).Status);

        await _node.Do(1, new SettleTransaction(Merchant, _id, 3, GatewayResult.Declined("no")));
        await Ends(hearing);
        Assert.Equal(PaymentStatus.Failed, (await Payment()).Status);
    }

    /// <summary>Lets time go by, and the ear keep step with it.</summary>
    private Task Ends(Task hearing) => Eventually.Holds("it is heard", () =>
    {
        _world.Time.Advance(TimeSpan.FromMilliseconds(100));
        return hearing.IsCompleted;
    });

    private static async IAsyncEnumerable<GatewayNotice> Say(params string[] payments)
    {
        foreach (var payment in payments)
        {
            await Task.Yield();
            yield return new GatewayNotice(Merchant, payment, 2, GatewayResult.Declined("late_failure"));
        }
    }
}
