using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/reservations: units of several SKUs, all or none, for a time.</summary>
internal sealed class ReservationsApi(CommerceShards shards, ReservationSaga saga, Lists lists)
{
    private const long DefaultSeconds = 900;

    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/reservations", List);
        endpoints.ReadOne(routes, "/v1/reservations/{id}", Get);
        endpoints.Post(routes, "/v1/reservations", Create);
        endpoints.PostBare(routes, "/v1/reservations/{id}/commit", request => End(request, new CommitReservation(request.Merchant, request.Route("id"))));
        endpoints.PostBare(routes, "/v1/reservations/{id}/release", request => End(request, new ReleaseReservation(request.Merchant, request.Route("id"))));
    }

    /// <summary>Reads lines of SKUs and quantities: at least one, no SKU twice.</summary>
    public static ImmutableArray<Line> ReadLines(BodyReading body)
    {
        var lines = body.Reading.Objects("items", Reservation.MaxLines, item => new Line(
            item.Text("sku", Product.IsSku, "1 to 64 upper-case letters, digits and inner hyphens"),
            item.WholeNumber("quantity", number => number is >= 1 and <= Line.MaxQuantity, $"A whole number from 1 to {Line.MaxQuantity}")));
        if (body.IsSound && lines.Select(line => line.Sku).Distinct().Count() < lines.Length)
            body.Note("/items", "Each SKU stands in one item; add the quantities.");
        return lines;
    }

    /// <summary>Reads for how long units are held at most.</summary>
    public static TimeSpan ReadHold(BodyReading body)
    {
        var longest = (long)Reservation.MaxHold.TotalSeconds;
        return TimeSpan.FromSeconds(body.Reading.OptionalWholeNumber("expires_in", number => number >= 1 && number <= longest, $"Seconds from 1 to {longest}") ?? DefaultSeconds);
    }

    private ValueTask<ApiAnswer> List(ApiRequest request) => lists.Page(
        request,
        page => new ListReservations(request.Merchant, page.After, page.Limit),
        reply => ((ReservationPage)reply).Reservations,
        reservation => reservation.Id,
        ReservationBody.Of,
        V1Json.Context.ListBodyReservationBody);

    private async ValueTask<ApiAnswer> Get(ApiRequest request)
    {
        var id = request.Route("id");
        var read = await shards.Ask(shards.OfId(id), new FindReservation(request.Merchant, id), request.Consistency, request.Cancellation);
        if (read.Reply is ReservationReply { Reservation.IsPublic: false })
            return Refusals.Tell(new Refused("reservation_not_found"));
        return Answers.To(read, request.Consistency == Consistency.Local, Tell);
    }

    private async ValueTask<ApiAnswer> Create(ApiRequest request)
    {
        var body = new BodyReading(request.Body);
        var lines = ReadLines(body);
        var hold = ReadHold(body);
        if (body.End("reservation") is { } problem)
            return problem;

        var (home, reserve) = saga.Plan("", request.Merchant, lines, hold, shard => shards.NewId("res", shard));
        if (shards.IsUsedElsewhere(request.Key!, home))
            return Refusals.Tell(new Refused("idempotency_key_reused"));
        var submitted = await shards.Do(home, reserve, request.Cancellation, request.Key);
        if (submitted.Reply is Underway underway && await saga.Find(request.Merchant, underway.Id, request.Cancellation) is ReservationReply opened)
        {
            submitted = await saga.Hold(opened.Reservation, request.Cancellation);
            if (submitted.Reply is Refused && await saga.Find(request.Merchant, underway.Id, request.Cancellation) is ReservationReply refused)
                await saga.Settle(refused.Reservation, request.Cancellation);
        }
        return Answers.To(submitted, reply => Tell(reply) with { Status = StatusCodes.Status201Created, Location = $"/v1/reservations/{((ReservationReply)reply).Reservation.Id}" });
    }

    private async ValueTask<ApiAnswer> End(ApiRequest request, InventoryCommand end)
    {
        if (request.Body.ValueKind != JsonValueKind.Undefined && new BodyReading(request.Body).End("empty object") is { } problem)
            return problem;
        var submitted = await shards.Do(shards.OfId(request.Route("id")), end, request.Cancellation, request.Key);
        if (submitted.Reply is ReservationReply { Reservation: { Unsettled.IsEmpty: false } ended } && submitted.Result is { Repeated: false })
            await saga.Settle(ended, request.Cancellation);
        return Answers.To(submitted, Tell);
    }

    private static ApiAnswer Tell(Reply reply) =>
        new(StatusCodes.Status200OK, ReservationBody.JsonOf(((ReservationReply)reply).Reservation));
}
