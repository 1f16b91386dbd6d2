using CsCheck;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.LivingShards;

namespace Hanzo.Commerce.Node.Tests.Payments;

/// <summary>Payments whose gateway cannot be heard and whose node dies, at any step.</summary>
public sealed class PaymentSagaTests
{
    private static readonly Gen<string> Trouble = Gen.OneOf(Gen.Const(""), Gen.Const("unreachable"), Gen.Const("lost"), Gen.Const("timeout after success"), Gen.Const("died"));

    private static async Task<string> NewPayment(LivingShards.Node node)
    {
        var id = node.Shards.NewId("pay", 1);
        await node.Do(1, new CreatePayment(id, Merchant, new Money(1_000, "EUR"), "card", null));
        return id;
    }

    private static BeginTransaction Authorize(string id) => new(Merchant, id, TransactionKind.Authorize, null, null, ["ledger"]);

    private static async Task Resolve(LivingShards world, LivingShards.Node node)
    {
        for (var round = 0; round < 20 && !(await node.Open()).Payments.IsEmpty; round++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(6));
            await node.Work.Do(CancellationToken.None);
        }
    }

    [Fact]
    public Task Whatever_dies_when_the_gateway_books_what_the_payment_says_and_nothing_twice() =>
        Gen.Select(Trouble.Array[0, 4], Gen.Int[0, 4], Gen.Bool).SampleAsync(async drawn =>
        {
            var (troubles, calls, lastIsApplied) = drawn;
            var (world, gateway) = (new LivingShards(), new LedgerGateway());
            var survivor = world.Survivor(gateway);
            var id = await NewPayment(survivor);
            foreach (var trouble in troubles)
                gateway.Troubles.Enqueue(trouble);

            var key = new KeyUse("k", "f");
            foreach (var node in new[] { world.Mortal(calls, lastIsApplied, gateway), survivor })
            {
                try
                {
                    await node.Payments.Do(Authorize(id), key, CancellationToken.None);
                }
                catch (NodeDiedException)
                {
                    // What it left is what the next one finds.
                    Assert.NotNull(await survivor.Payments.Find(Merchant, id, CancellationToken.None));
                }
            }
            await Resolve(world, survivor);

            var payment = (await survivor.Payments.Find(Merchant, id, CancellationToken.None))!;
            Assert.Null(payment.Pending);
            Assert.Equal(payment.Status == PaymentStatus.Authorized ? 1 : 0, gateway.Booked.Count);
            Assert.True(payment.Status is PaymentStatus.Authorized or PaymentStatus.RequiresPayment, $"{payment.Status}");
        }, iter: 300);

    [Fact]
    public async Task A_timeout_after_success_is_asked_about_and_charges_once()
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var node = world.Survivor(gateway);
        var id = await NewPayment(node);
        gateway.Troubles.Enqueue("timeout after success");

        var submitted = await node.Payments.Do(Authorize(id), new KeyUse("k", "f"), CancellationToken.None);

        Assert.Equal(PaymentStatus.Authorized, Assert.IsType<PaymentReply>(submitted.Reply).Payment.Status);
        Assert.Single(gateway.Booked);
    }

    [Fact]
    public async Task While_the_outcome_is_unknown_the_key_is_in_use_and_afterwards_it_is_answered()
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var node = world.Survivor(gateway);
        var id = await NewPayment(node);
        gateway.Troubles.Enqueue("timeout after success");
        gateway.Troubles.Enqueue("timeout after success");
        var key = new KeyUse("k", "f");

        Assert.IsType<Underway>((await node.Payments.Do(Authorize(id), key, CancellationToken.None)).Reply);
        Assert.Equal("idempotency_key_in_use", ShardUnderTest.Code((await node.Payments.Do(Authorize(id), key, CancellationToken.None)).Reply!));
        await Resolve(world, node);

        var again = await node.Payments.Do(Authorize(id), key, CancellationToken.None);
        Assert.True(again.Result!.Repeated);
        Assert.Equal(PaymentStatus.Authorized, Assert.IsType<PaymentReply>(again.Reply).Payment.Status);
        Assert.Single(gateway.Booked);
    }

    [Fact]
    public async Task What_a_gateway_may_have_forgotten_is_not_asked_for_again()
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var node = world.Survivor(gateway);
        var id = await NewPayment(node);
        await node.Do(1, Authorize(id));
        world.Time.Advance(TimeSpan.FromHours(23));

        await node.Work.Do(CancellationToken.None);

        Assert.Empty(gateway.Booked);
        Assert.Single((await node.Open()).Payments);
    }

    [Fact]
    public async Task A_caller_has_its_time_before_the_leader_asks()
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var node = world.Survivor(gateway);
        var id = await NewPayment(node);
        await node.Do(1, Authorize(id));

        world.Time.Advance(PaymentState.CallersTime - TimeSpan.FromTicks(1));
        await node.Work.Do(CancellationToken.None);
        Assert.Empty(gateway.Booked);
        world.Time.Advance(TimeSpan.FromTicks(1));
        await node.Work.Do(CancellationToken.None);
        Assert.Single(gateway.Booked);
    }
}
