using System.Net;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Tests.Machine;
using Hanzo.Commerce.Node.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using static Hanzo.Commerce.Node.Tests.Machine.LivingShards;

namespace Hanzo.Commerce.Node.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    private static readonly string Secret = Convert.ToBase64String(new byte[32]);

    private readonly LivingShards _world = new();
    private readonly Hearer _hearer = new();

    private LivingShards.Node Node => _world.Survivor();

    private static async Task Add(LivingShards.Node node, params string[] events)
    {
        var id = node.Shards.NewId("whk", 0);
        await node.Do(0, new AddWebhook(new WebhookEndpoint(id, Merchant, "https://shop.example/hear", [.. events], Secret, default) { Unsettled = [1, 2, 3] }));
        await node.Work.Do(CancellationToken.None);
    }

    private async Task Round(IShards? shards = null)
    {
        using var http = new HttpMessageInvoker(_hearer, disposeHandler: false);
        using var sender = new WebhookSender(new CommerceShards(shards ?? _world.All, _world.Time), http, _world.Time, NullLogger<WebhookSender>.Instance);
        await sender.Do(CancellationToken.None);
        await sender.UnderWay;
    }

    private static async Task<string> Pay(LivingShards.Node node, int shard = 1)
    {
        var id = node.Shards.NewId("pay", shard);
        await node.Do(shard, new CreatePayment(id, Merchant, new Money(100, "EUR"), "card", null));
        return id;
    }

    private static async Task Authorize(LivingShards.Node node, string id)
    {
        await node.Do(1, new BeginTransaction(Merchant, id, TransactionKind.Authorize, null, null, ["fake"]));
        await node.Do(1, new SettleTransaction(Merchant, id, 1, GatewayResult.Succeeded("ref")));
    }

    [Fact]
    public async Task What_happens_in_any_shard_is_heard_once_and_signed()
    {
        await Add(Node);
        for (var shard = 0; shard < 4; shard++)
            await Pay(Node, shard);
        await Round();
        await Round();

        Assert.Equal(4, _hearer.Heard.Count);
        Assert.All(_hearer.Heard, heard => Assert.True(WebhookVerifier.Accepts($"whsec_{Secret}", heard.Headers, heard.Body, _world.Time.GetUtcNow().ToUnixTimeSeconds())));
        Assert.All(_hearer.Heard, heard => Assert.False(WebhookVerifier.Accepts($"whsec_{Secret}", heard.Headers, heard.Body + " ", _world.Time.GetUtcNow().ToUnixTimeSeconds())));
        Assert.All(_hearer.Heard, heard => Assert.Equal("payment.requires_payment", heard.Type));
        Assert.Equal(4, _hearer.Heard.Select(heard => heard.Headers["webhook-id"]).Distinct().Count());
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_heard()
    {
        await Add(Node, "payment.authorized");
        await Authorize(Node, await Pay(Node));
        await Round();
        await Round();
        Assert.Equal("payment.authorized", Assert.Single(_hearer.Heard).Type);
    }

    [Fact]
    public async Task What_is_not_taken_comes_again_by_the_schedule_with_the_same_id_and_then_no_more()
    {
        await Add(Node);
        await Pay(Node);
        _hearer.Says = HttpStatusCode.Found;
        await Round();
        foreach (var (pause, attempts) in WebhookDelivery.Pauses.Select((pause, index) => (pause, index + 1)))
        {
            _world.Time.Advance(pause - TimeSpan.FromTicks(1));
            await Round();
            Assert.Equal(attempts, _hearer.Heard.Count);
            _world.Time.Advance(TimeSpan.FromTicks(1));
            await Round();
            Assert.Equal(attempts + 1, _hearer.Heard.Count);
        }
        _world.Time.Advance(TimeSpan.FromDays(7));
        await Round();

        Assert.Equal(WebhookDelivery.Pauses.Length + 1, _hearer.Heard.Count);
        Assert.Single(_hearer.Heard.Select(heard => heard.Headers["webhook-id"]).Distinct());
        Assert.Equal(_hearer.Heard.Count, _hearer.Heard.Select(heard => heard.Headers["webhook-timestamp"]).Distinct().Count());
    }

    [Fact]
    public async Task Messages_about_one_resource_wait_for_each_other_and_for_no_other_s()
    {
        await Add(Node);
        var id = await Pay(Node);
        _hearer.Says = HttpStatusCode.ServiceUnavailable;
        await Round();
        await Authorize(Node, id);
        _hearer.Says = HttpStatusCode.OK;
        await Pay(Node);
        await Round();
        Assert.DoesNotContain(_hearer.Heard, heard => heard.Type == "payment.authorized");
        Assert.Equal(2, _hearer.Heard.Count);

        _world.Time.Advance(WebhookDelivery.Pauses[0]);
        await Round();
        await Round();
        Assert.Equal(["payment.requires_payment", "payment.authorized"], _hearer.Heard.Where(heard => heard.Body.Contains(id, StringComparison.Ordinal)).Skip(1).Select(heard => heard.Type));
    }

    [Fact]
    public async Task A_leader_that_dies_before_it_notes_the_success_leaves_it_to_the_next_who_sends_again()
    {
        await Add(Node);
        await Pay(Node);
        await Round(new MortalShards(_world.All, 0, lastIsApplied: false));
        await Round();
        await Round();

        Assert.Equal(2, _hearer.Heard.Count);
        Assert.Single(_hearer.Heard.Distinct());
    }

    [Fact]
    public async Task A_removed_webhook_hears_nothing_more_and_a_late_copy_does_not_bring_it_back()
    {
        await Add(Node);
        await Pay(Node);
        var (added, shards) = ((await Node.Shards.Ask(0, new ListWebhooks(Merchant, null, 10), Consistency.Linearizable, CancellationToken.None)).Reply as WebhookPage, Node);
        var endpoint = Assert.Single(added!.Endpoints);
        await shards.Do(0, new RemoveWebhook(Merchant, endpoint.Id, 4, 0));
        await shards.Work.Do(CancellationToken.None);
        await shards.Do(1, new CopyWebhook(endpoint));
        await Pay(Node);
        await Round();
        Assert.Empty(_hearer.Heard);
    }

    [Fact]
    public void A_restored_shard_sends_what_the_saved_one_had_to()
    {
        var shard = new ShardUnderTest();
        shard.Do(new AddWebhook(new WebhookEndpoint("whk_1", ShardUnderTest.Merchant, "https://shop.example/", [], Secret, default)));
        shard.Put("MUG", 5);
        shard.Reserve("res_1", ("MUG", 1));
        shard.Commit("res_1");
        var restored = ShardUnderTest.Restored(shard.Snapshot());
        var question = new FindDeliveries(shard.Now, 10);

        var due = Assert.Single(Assert.IsType<DueDeliveries>(restored.Ask(question)).Deliveries).Delivery;
        Assert.Equal("reservation.held", due.Type);
        foreach (var one in new[] { shard, restored })
            one.Do(new SettleDelivery(due.Key, 0, null));
        Assert.Equal("reservation.committed", Assert.Single(Assert.IsType<DueDeliveries>(restored.Ask(question)).Deliveries).Delivery.Type);
        Assert.Equal(shard.Snapshot(), restored.Snapshot());
    }

    private sealed record Sent(string Type, string Body, string Id)
    {
        public required Dictionary<string, string> Headers { get; init; }

        public bool Equals(Sent? other) => other is not null && (Body, Id) == (other.Body, other.Id);

        public override int GetHashCode() => HashCode.Combine(Body, Id);
    }

    private sealed class Hearer : HttpMessageHandler
    {
        private readonly List<Sent> _heard = [];

        public HttpStatusCode Says { get; set; } = HttpStatusCode.OK;

        public IReadOnlyList<Sent> Heard
        {
            get
            {
                lock (_heard)
                    return [.. _heard];
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.Single(), StringComparer.Ordinal);
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            using var message = System.Text.Json.JsonDocument.Parse(body);
            lock (_heard)
                _heard.Add(new Sent(message.RootElement.GetProperty("type").GetString()!, body, headers["webhook-id"]) { Headers = headers });
            return new HttpResponseMessage(Says);
        }
    }
}
