using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/payments: what customers owe, and what gateways did about it.</summary>
internal sealed class PaymentsApi(CommerceShards shards, PaymentSaga saga, GatewayRouting routing, Lists lists)
{
    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/payments", List);
        endpoints.ReadOne(routes, "/v1/payments/{id}", Get);
        endpoints.Post(routes, "/v1/payments", Create);
        endpoints.PostBare(routes, "/v1/payments/{id}/authorize", request => Begin(request, TransactionKind.Authorize));
        endpoints.PostBare(routes, "/v1/payments/{id}/capture", request => Begin(request, TransactionKind.Capture));
        endpoints.PostBare(routes, "/v1/payments/{id}/void", request => Begin(request, TransactionKind.Void));
        endpoints.PostBare(routes, "/v1/payments/{id}/refund", request => Begin(request, TransactionKind.Refund));
    }

    public static bool IsMethod(string text) => text.Length is >= 1 and <= 255 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    public static bool IsCountry(string text) => text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];

    public static Money ReadMoney(ObjectReading money) => new(
        money.WholeNumber("amount", amount => amount >= 1, "A whole number of minor units, 1 or more"),
        money.Text("currency", CurrencyCodes.Has, "An ISO 4217 code such as EUR"));

    private ValueTask<ApiAnswer> List(ApiRequest request) => lists.Page(
        request,
        page => new ListPayments(request.Merchant, page.After, page.Limit),
        reply => ((PaymentPage)reply).Payments,
        payment => payment.Id,
        PaymentBody.Of,
        V1Json.Context.ListBodyPaymentBody);

    private async ValueTask<ApiAnswer> Get(ApiRequest request)
    {
        var id = request.Route("id");
        var read = await shards.Ask(shards.OfId(id), new FindPayment(request.Merchant, id), request.Consistency, request.Cancellation);
        return Answers.To(read, request.Consistency == Consistency.Local, Tell);
    }

    private async ValueTask<ApiAnswer> Create(ApiRequest request)
    {
        var body = new BodyReading(request.Body);
        var amount = body.Reading.Object("amount", ReadMoney);
        var method = body.Reading.Text("payment_method", IsMethod, "1 to 255 letters, digits, underscores and hyphens");
        var country = body.Reading.OptionalText("country", IsCountry, "An ISO 3166-1 code of two letters such as DE");
        if (body.End("payment") is { } problem)
            return problem;

        var shard = shards.OfKey(request.Key!);
        var create = new CreatePayment(shards.NewId("pay", shard), request.Merchant, amount, method, country);
        return Answers.To(await shards.Do(shard, create, request.Cancellation, request.Key), reply => Tell(reply) with
        {
            Status = StatusCodes.Status201Created,
            Location = $"/v1/payments/{((PaymentReply)reply).Payment.Id}",
        });
    }

    private async ValueTask<ApiAnswer> Begin(ApiRequest request, TransactionKind kind)
    {
        var amount = default(Money?);
        if (request.Body.ValueKind != JsonValueKind.Undefined)
        {
            var body = new BodyReading(request.Body);
            if (kind is TransactionKind.Capture or TransactionKind.Refund && body.Reading.Has("amount"))
                amount = body.Reading.Object("amount", ReadMoney);
            if (body.End(SnakeCase.Of(kind)) is { } problem)
                return problem;
        }
        var id = request.Route("id");
        // The routes are this node's configuration, so where they lead is part of the command.
        var gateways = kind == TransactionKind.Authorize && await saga.Find(request.Merchant, id, request.Cancellation) is { } payment ? routing.For(id, payment.Amount.Currency, payment.Country) : [];
        var begin = new BeginTransaction(request.Merchant, id, kind, amount?.Amount, amount?.Currency, gateways);
        return Answers.To(await saga.Do(begin, request.Key, request.Cancellation), Tell);
    }

    private static ApiAnswer Tell(Reply reply)
    {
        var payment = ((PaymentReply)reply).Payment;
        return new ApiAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(PaymentBody.Of(payment), V1Json.Context.PaymentBody)) { ETag = $"\"{payment.Version}\"" };
    }
}
