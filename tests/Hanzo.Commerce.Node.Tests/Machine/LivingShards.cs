using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>Shards that outlive the nodes which talk to them.</summary>
internal sealed class LivingShards
{
    public const string Merchant = ShardUnderTest.Merchant;

    public LivingShards() => All = new InProcessShards(4, _ => new CommerceMachine(), Time);

    public FakeTimeProvider Time { get; } = new();

    public InProcessShards All { get; }

    public Node Survivor(IPaymentGateway? gateway = null) => new(All, Time, gateway);

    /// <summary>A node that dies after so many commands.</summary>
    public Node Mortal(int calls, bool lastIsApplied, IPaymentGateway? gateway = null) => new(new MortalShards(All, calls, lastIsApplied), Time, gateway);

    /// <summary>What one process has of its own.</summary>
    internal sealed class Node
    {
        public Node(IShards shards, TimeProvider time, IPaymentGateway? gateway)
        {
            Shards = new CommerceShards(shards, time);
            Reservations = new ReservationSaga(Shards);
            Payments = new PaymentSaga(Shards, gateway is null ? GatewayRouting.None : GatewayRouting.Only(gateway), time, NullLogger<PaymentSaga>.Instance);
            Orders = new OrderSaga(Shards, Reservations, Payments);
            Work = new LeaderWork(Shards, Reservations, Payments, new WebhookSaga(Shards), time, NullLogger<LeaderWork>.Instance);
        }

        public CommerceShards Shards { get; }

        public ReservationSaga Reservations { get; }

        public PaymentSaga Payments { get; }

        public OrderSaga Orders { get; }

        public LeaderWork Work { get; }

        public async Task<Reply> Do(int shard, Command command) => (await Shards.Do(shard, command, CancellationToken.None)).Reply!;

        public async Task<StockItem> Stock(string sku) =>
            Assert.IsType<StockReply>((await Shards.Ask(Shards.OfStock(Merchant, sku), new FindStock(Merchant, sku), Consistency.Linearizable, CancellationToken.None)).Reply).Item;

        public async Task<Work> Open()
        {
            var all = new List<Work>();
            for (var shard = 0; shard < Shards.Count; shard++)
                all.Add(Assert.IsType<Work>((await Shards.Ask(shard, new FindWork(100), Consistency.Linearizable, CancellationToken.None)).Reply));
            return new Work(null)
            {
                Reservations = [.. all.SelectMany(work => work.Reservations)],
                Parts = [.. all.SelectMany(work => work.Parts)],
                Payments = [.. all.SelectMany(work => work.Payments)],
            };
        }
    }
}
