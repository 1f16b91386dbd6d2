using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Tests.Machine;
using Hanzo.Commerce.Node.Tests.Payments;
using static Hanzo.Commerce.Node.Tests.Machine.LivingShards;

namespace Hanzo.Commerce.Node.Tests.Orders;

/// <summary>An order over several shards whose node dies between any two of its steps.</summary>
public sealed class OrderSagaTests
{
    /// <summary>More commands than any plan takes: who dies after so many does not die.</summary>
    private const int Steps = 20;

    private static readonly string[] Skus = ["A", "B", "C", "D", "E"];
    private static readonly KeyUse PlaceKey = new("place", "f");
    private static readonly KeyUse CancelKey = new("cancel", "f");

    public static TheoryData<int, bool, string> Deaths()
    {
        var deaths = new TheoryData<int, bool, string>();
        foreach (var plan in new[] { "confirm", "cancel", "declined", "unreachable", "lost", "timeout after success", "died", "shortage" })
            for (var calls = 0; calls <= Steps; calls++)
            {
                deaths.Add(calls, false, plan);
                deaths.Add(calls, true, plan);
            }
        return deaths;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Whenever_a_node_dies_the_units_are_taken_and_paid_for_or_neither(int calls, bool lastIsApplied, string plan)
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var survivor = world.Survivor(gateway);
        foreach (var sku in Skus)
            await survivor.Do(survivor.Shards.OfStock(Merchant, sku), new PutStock(Merchant, sku, 10, Condition.None));
        var (home, place) = Plan(survivor, plan == "shortage" ? 11 : 2);
        if (plan is not ("confirm" or "cancel" or "shortage"))
            gateway.Troubles.Enqueue(plan);

        var mortal = world.Mortal(calls, lastIsApplied, gateway);
        try
        {
            var placed = await mortal.Orders.Place(home, place, PlaceKey, CancellationToken.None);
            if (plan == "cancel" && placed.Reply is OrderReply)
                await mortal.Orders.Cancel(new CancelOrder(Merchant, place.Id), CancelKey, CancellationToken.None);
        }
        catch (NodeDiedException)
        {
            Assert.True(calls < Steps || plan == "died", "a plan has more steps than are tried");
        }
        if (plan == "died")
            gateway.Troubles.Clear();
        // The survivor leads now; the client asks it again with the same keys, as often as it is told to.
        var answer = default(Reply);
        for (var round = 0; round < 5; round++)
        {
            world.Time.Advance(PaymentState.CallersTime);
            await survivor.Work.Do(CancellationToken.None);
            answer = (await survivor.Orders.Place(home, place, PlaceKey, CancellationToken.None)).Reply;
            if (plan == "cancel" && answer is OrderReply)
                await survivor.Orders.Cancel(new CancelOrder(Merchant, place.Id), CancelKey, CancellationToken.None);
        }

        var order = await Find(survivor, place.Id);
        var isConfirmed = order?.Status == OrderStatus.Confirmed;
        foreach (var item in await Task.WhenAll(Skus.Select(survivor.Stock)))
            Assert.Equal(isConfirmed ? (8, 0, 2) : (10, 0, 0), (item.OnHand, item.Held, item.Committed));
        Assert.Equal(isConfirmed ? 1 : 0, gateway.Booked.Values.Sum(kind => kind == TransactionKind.Void ? -1 : 1));
        Assert.Equal(plan switch
        {
            "shortage" => null,
            "cancel" => OrderStatus.Canceled,
            "declined" => OrderStatus.Failed,
            // Whoever finds the gateway reachable again goes on.
            "unreachable" => isConfirmed ? OrderStatus.Confirmed : OrderStatus.Failed,
            _ => OrderStatus.Confirmed,
        }, order?.Status);
        Assert.Equal(order?.Status is OrderStatus.Confirmed or OrderStatus.Canceled, answer is OrderReply);
        var open = await survivor.Open();
        Assert.Empty(open.Reservations);
        Assert.Empty(open.Parts);
        Assert.Empty(open.Payments);
    }

    [Fact]
    public async Task A_customer_who_never_agrees_leaves_nothing_behind()
    {
        var (world, gateway) = (new LivingShards(), new LedgerGateway());
        var node = world.Survivor(gateway);
        foreach (var sku in Skus)
            await node.Do(node.Shards.OfStock(Merchant, sku), new PutStock(Merchant, sku, 10, Condition.None));
        var (home, place) = Plan(node, 2);
        gateway.Troubles.Enqueue("asks customer");

        var asked = await node.Orders.Place(home, place, PlaceKey, CancellationToken.None);
        Assert.Equal("https://bank.example/agree", Assert.IsType<OrderReply>(asked.Reply).Order.ActionUrl);
        world.Time.Advance(TimeSpan.FromMinutes(16));
        for (var round = 0; round < 3; round++)
            await node.Work.Do(CancellationToken.None);

        var order = (await Find(node, place.Id))!;
        Assert.Equal((OrderStatus.Failed, "reservation_expired"), (order.Status, order.Refusal?.Code));
        Assert.Equal(TransactionKind.Void, Assert.Single(gateway.Booked).Value);
        foreach (var item in await Task.WhenAll(Skus.Select(node.Stock)))
            Assert.Equal((10, 0, 0), (item.OnHand, item.Held, item.Committed));
    }

    private static (int Home, PlaceOrder Place) Plan(LivingShards.Node node, long quantity)
    {
        var lines = Skus.Select(sku => new Line(sku, quantity));
        var (home, reserve) = node.Reservations.Plan("", Merchant, lines, TimeSpan.FromMinutes(15), shard => node.Shards.NewId("res", shard));
        Assert.True(reserve.Elsewhere.Length > 1, "the lines lie in several shards");
        var id = node.Shards.NewId("ord", home);
        var price = new Money(100, "EUR");
        return (home, new PlaceOrder(
            id, Merchant, [.. Skus.Select(sku => new OrderItem(sku, quantity, price))], price with { Amount = 500 * quantity },
            reserve with { Order = id }, node.Shards.NewId("pay", home), "card", null, ["ledger"]));
    }

    private static async Task<Order?> Find(LivingShards.Node node, string id) =>
        (await node.Shards.Ask(node.Shards.OfId(id), new FindOrder(Merchant, id), Consistency.Linearizable, CancellationToken.None)).Reply is OrderReply found ? found.Order : null;
}
