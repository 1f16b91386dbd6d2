using System.Net;
using System.Text.Json;
using Hanzo.Commerce.Node.Machine;
using Microsoft.Extensions.DependencyInjection;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class ReservationsApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static string Items(params (string Sku, long Quantity)[] items) =>
        $$"""{"items":[{{string.Join(',', items.Select(item => $$"""{"sku":"{{item.Sku}}","quantity":{{item.Quantity}}}"""))}}]}""";

    /// <summary>SKUs that lie in two different shards, with stock.</summary>
    private async Task<(string One, string Other)> Apart(string prefix, long onHand)
    {
        var shards = node.Services.GetRequiredService<CommerceShards>();
        var one = $"{prefix}-0";
        var other = Enumerable.Range(1, 100).Select(i => $"{prefix}-{i}").First(sku => shards.OfStock("demo", sku) != shards.OfStock("demo", one));
        await node.PutStock(one, onHand);
        await node.PutStock(other, onHand);
        return (one, other);
    }

    private async Task<(long OnHand, long Held, long Committed)> Stock(string sku)
    {
        var stock = await node.Get($"/v1/inventory/{sku}");
        return (stock.GetProperty("on_hand").GetInt64(), stock.GetProperty("held").GetInt64(), stock.GetProperty("committed").GetInt64());
    }

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    [Fact]
    public async Task Lines_of_two_shards_are_held_and_committed_together()
    {
        var (one, other) = await Apart("R-TWO", 5);
        var created = await node.Post("/v1/reservations", Items((one, 2), (other, 3)));
        var reservation = await Json(created);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/v1/reservations/{Id(reservation)}", created.Headers.Location?.ToString());
        Assert.Equal("held", reservation.GetProperty("status").GetString());
        Assert.Equal(((5, 2, 0), (5, 3, 0)), (await Stock(one), await Stock(other)));

        var committed = await Json(await node.Post($"/v1/reservations/{Id(reservation)}/commit", null));
        Assert.Equal("committed", committed.GetProperty("status").GetString());
        Assert.Equal(((3, 0, 2), (2, 0, 3)), (await Stock(one), await Stock(other)));
        Assert.Equal(committed.ToString(), (await node.Get($"/v1/reservations/{Id(reservation)}")).ToString());
    }

    [Fact]
    public async Task A_shortage_in_one_shard_holds_nothing_in_the_other()
    {
        var (one, other) = await Apart("R-SHORT", 5);
        var refused = await node.Post("/v1/reservations", Items((one, 1), (other, 6)));

        Assert.Equal("insufficient_stock", await ProblemCode(refused, HttpStatusCode.Conflict));
        var shortage = (await Json(refused)).GetProperty("shortages")[0];
        Assert.Equal((other, 6, 5), (shortage.GetProperty("sku").GetString(), shortage.GetProperty("requested").GetInt64(), shortage.GetProperty("available").GetInt64()));
        Assert.Equal(((5, 0, 0), (5, 0, 0)), (await Stock(one), await Stock(other)));
    }

    [Fact]
    public async Task A_repeated_reservation_is_the_same_reservation()
    {
        var (one, other) = await Apart("R-SAME", 5);
        var first = await node.Post("/v1/reservations", Items((one, 1), (other, 1)), "same");
        var again = await node.Post("/v1/reservations", Items((one, 1), (other, 1)), "same");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((first.StatusCode, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        Assert.Equal((5, 1, 0), await Stock(one));
    }

    [Fact]
    public async Task A_key_is_refused_for_another_sku_wherever_that_lies()
    {
        var (one, other) = await Apart("R-KEY", 5);
        await node.Post("/v1/reservations", Items((one, 1)), "elsewhere");
        Assert.Equal("idempotency_key_reused", await ProblemCode(await node.Post("/v1/reservations", Items((other, 1)), "elsewhere"), HttpStatusCode.UnprocessableEntity));
        Assert.Equal((5, 0, 0), await Stock(other));
    }

    [Fact]
    public async Task A_released_reservation_cannot_be_committed()
    {
        var (one, other) = await Apart("R-REL", 5);
        var id = Id(await Json(await node.Post("/v1/reservations", Items((one, 1), (other, 1)))));
        Assert.Equal("released", (await Json(await node.Post($"/v1/reservations/{id}/release", null))).GetProperty("status").GetString());
        Assert.Equal("reservation_not_held", await ProblemCode(await node.Post($"/v1/reservations/{id}/commit", null), HttpStatusCode.Conflict));
        Assert.Equal(((5, 0, 0), (5, 0, 0)), (await Stock(one), await Stock(other)));
    }

    [Theory]
    [InlineData("""{"items":[]}""", "/items")]
    [InlineData("""{"items":[{"sku":"a","quantity":1}]}""", "/items/0/sku")]
    [InlineData("""{"items":[{"sku":"A","quantity":0}]}""", "/items/0/quantity")]
    [InlineData("""{"items":[{"sku":"A","quantity":1},{"sku":"A","quantity":1}]}""", "/items")]
    [InlineData("""{"items":[{"sku":"A","quantity":1}],"expires_in":0}""", "/expires_in")]
    public async Task A_body_that_is_no_reservation_is_refused_with_the_place(string body, string place)
    {
        var response = await node.Post("/v1/reservations", body);
        Assert.Equal("invalid_value", await ProblemCode(response, HttpStatusCode.BadRequest));
        Assert.Equal(place, (await Json(response)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_reservation_that_is_not_there_is_not_found() =>
        Assert.Equal("reservation_not_found", await ProblemCode(await node.Merchant.GetAsync("/v1/reservations/res_nothing"), HttpStatusCode.NotFound));
}
