using System.Text.Json;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/carts: create, get, describe, add, set, remove, merge.</summary>
internal sealed class CartsApi(CartBook carts, CartJson json, TimeProvider time)
{
    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly string SomeQuantity = $"A whole number from 1 to {Cart.MaxQuantity}";
    private static readonly string AnyQuantity = $"A whole number from 0 to {Cart.MaxQuantity}";

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapGroup("").WithMetadata(AsksNoShard.Mark, ShortSteps.Mark);
        routes.MapPost("/v1/carts", (RequestDelegate)Create);
        routes.MapMethods("/v1/carts/{id}", Reading, (RequestDelegate)Get);
        routes.MapPatch("/v1/carts/{id}", (RequestDelegate)Describe);
        routes.MapPost("/v1/carts/{id}/lines", (RequestDelegate)Add);
        routes.MapPut("/v1/carts/{id}/lines/{product}", (RequestDelegate)Set);
        routes.MapDelete("/v1/carts/{id}/lines/{product}", (RequestDelegate)Remove);
        routes.MapPost("/v1/carts/{id}/merge", (RequestDelegate)Merge);
    }

    private Task Create(HttpContext context) => WithBody(context, ReadTexts, async texts =>
    {
        var cart = await carts.Create(Cart.NewId(Guid.CreateVersion7(time.GetUtcNow())), texts.Customer, texts.Note);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/v1/carts/{cart.Id}";
        await Write(context, cart);
    });

    private async Task Get(HttpContext context) => await Answer(context, await carts.Find(IdOf(context)));

    private Task Answer(HttpContext context, Cart? found)
    {
        if (found is not { } cart)
            return Answer(context, new CartResult(CartOutcome.NotFound, null));
        if (Precondition.Read(context.Request.Headers) is not { } precondition)
            return ProblemResponses.Write(context.Response, new Problem(StatusCodes.Status400BadRequest, "invalid_precondition", "If-None-Match is * or entity tags in quotes, separated by commas."));
        if (precondition.NoneMatchFails(ETagOf(cart)))
        {
            context.Response.Headers.ETag = ETagOf(cart);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return Write(context, cart);
    }

    private Task Describe(HttpContext context) => WithBody(context, ReadTexts,
        async texts => await Answer(context, await carts.Describe(IdOf(context), texts.Customer, texts.Note)));

    private Task Add(HttpContext context) => WithBody(context,
        reading => (Product: reading.Text("product", Product.IsId, "A product id"),
            Quantity: reading.WholeNumber("quantity", quantity => quantity is >= 1 and <= Cart.MaxQuantity, SomeQuantity)),
        async line =>
        {
            var keys = context.Request.Headers["Idempotency-Key"];
            if (keys.Count > 1 || keys is [{ Length: 0 or > 255 }])
                await ProblemResponses.Write(context.Response, new Problem(StatusCodes.Status400BadRequest, "invalid_idempotency_key", "Idempotency-Key is one value of 1 to 255 characters."));
            else
                await Answer(context, await carts.Add(IdOf(context), line.Product, line.Quantity, keys.Count == 0 ? null : keys[0]!.Trim('"')));
        });

    private Task Set(HttpContext context) => WithBody(context,
        reading => reading.WholeNumber("quantity", quantity => quantity is >= 0 and <= Cart.MaxQuantity, AnyQuantity),
        quantity => SetLine(context, quantity));

    private Task Remove(HttpContext context) => SetLine(context, 0);

    private async Task SetLine(HttpContext context, long quantity)
    {
        var product = (string)context.Request.RouteValues["product"]!;
        if (Product.IsId(product))
            await Answer(context, await carts.Set(IdOf(context), product, quantity));
        else
            await ProblemResponses.Write(context.Response, new Problem(StatusCodes.Status400BadRequest, "invalid_id", "A product id is 1 to 64 lower-case letters, digits and inner hyphens."));
    }

    private Task Merge(HttpContext context) => WithBody(context,
        reading => reading.Text("from", from => Cart.IsId(from) && from != IdOf(context), "The id of another cart"),
        async from => await Answer(context, await carts.Merge(IdOf(context), from)));

    private static (string? Customer, string? Note) ReadTexts(ObjectReading reading) => (
        reading.OptionalText("customer", text => text.Length <= Cart.MaxCustomerLength && !text.Any(char.IsControl), $"At most {Cart.MaxCustomerLength} characters"),
        reading.OptionalText("note", text => text.Length <= Cart.MaxNoteLength, $"At most {Cart.MaxNoteLength} characters"));

    private static Task WithBody<T>(HttpContext context, Func<ObjectReading, T> read, Func<T, Task> act)
    {
        var body = StrictJson.Read(context.Request);
        return body.IsCompletedSuccessfully ? WithBody(context, body.Result, read, act) : Wait(context, body, read, act);

        static async Task Wait(HttpContext context, ValueTask<(JsonDocument?, Problem?)> body, Func<ObjectReading, T> read, Func<T, Task> act) =>
            await WithBody(context, await body, read, act);
    }

    private static Task WithBody<T>(HttpContext context, (JsonDocument? Document, Problem? Problem) body, Func<ObjectReading, T> read, Func<T, Task> act)
    {
        var errors = new List<FieldError>();
        var (value, problem) = (default(T), body.Problem);
        using (body.Document)
        {
            if (body.Document is not null)
            {
                var reading = new ObjectReading(body.Document.RootElement, "", errors);
                value = read(reading);
                reading.End();
            }
        }
        if (errors is [var first, ..])
            problem = new Problem(StatusCodes.Status400BadRequest, first.Code, "The body is not what this takes; errors lists every reason.") { Errors = [.. errors] };
        return problem is null ? act(value!) : ProblemResponses.Write(context.Response, problem);
    }

    private Task Answer(HttpContext context, CartResult result) => result.Outcome switch
    {
        CartOutcome.Done => Write(context, result.Cart!),
        CartOutcome.NotFound => Refuse(context, StatusCodes.Status404NotFound, "cart_not_found", "No cart has this id, as far as this region knows."),
        CartOutcome.SourceNotFound => Refuse(context, StatusCodes.Status404NotFound, "source_cart_not_found", "No cart has the id in from, as far as this region knows."),
        CartOutcome.MergedElsewhere => Refuse(context, StatusCodes.Status409Conflict, "cart_merged", "The cart in from was merged into another one."),
        CartOutcome.Full => Refuse(context, StatusCodes.Status409Conflict, "cart_full", $"A cart holds {Cart.MaxLines} lines of at most {Cart.MaxQuantity}, and four times as many separate additions."),
        var other => throw new InvalidOperationException($"No answer for {other}."),
    };

    private static Task Refuse(HttpContext context, int status, string code, string detail) =>
        ProblemResponses.Write(context.Response, new Problem(status, code, detail));

    private Task Write(HttpContext context, Cart cart)
    {
        context.Response.Headers.ETag = ETagOf(cart);
        context.Response.Headers.CacheControl = "no-store";
        return json.Write(context, cart);
    }

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string ETagOf(Cart cart) => $"\"{cart.Version}\"";
}
