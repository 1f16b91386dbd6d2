using System.Text;
using System.Text.Json;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class ReservationBodyTests
{
    private const string OfMany =
        """{"id":"res_2","status":"committed","items":[{"sku":"CUP","quantity":300},{"sku":"MUG","quantity":1},{"sku":"PAN","quantity":1000000}],"created_at":"2026-11-28T12:00:00+00:00","expires_at":"2026-11-28T12:15:00.0000001+00:00","order":"ord_ä","returned_at":"2026-11-28T13:00:00+00:00"}""";

    private static readonly DateTimeOffset At = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly Reservation Many = new(
        "res_2", "demo", [new Line("MUG", 1), new Line("CUP", 300)], [new PartPlan(2, [new Line("PAN", 1_000_000)])], ReservationStatus.Committed, At, At.AddMinutes(15).AddTicks(1), At)
    {
        Order = "ord_ä",
        ReturnedAt = At.AddHours(1),
    };

    [Fact]
    public void It_is_told_as_clients_know_it() => Assert.Equal(
        """{"id":"res_1","status":"held","items":[{"sku":"MUG","quantity":1}],"created_at":"2026-11-28T12:00:00+00:00","expires_at":"2026-11-28T12:15:00+00:00"}""",
        Encoding.UTF8.GetString(ReservationBody.JsonOf(new Reservation("res_1", "demo", [new Line("MUG", 1)], [], ReservationStatus.Held, At, At.AddMinutes(15), At))));

    [Fact]
    public void One_with_everything_names_its_lines_in_order() => Assert.Equal(OfMany, Encoding.UTF8.GetString(ReservationBody.JsonOf(Many)));

    [Fact]
    public void In_a_list_it_is_told_the_same() => Assert.Equal(
        $$"""{"data":[{{OfMany}}],"has_more":false}""",
        JsonSerializer.Serialize(new ListBody<ReservationBody>([ReservationBody.Of(Many)], HasMore: false), V1Json.Context.ListBodyReservationBody));
}
