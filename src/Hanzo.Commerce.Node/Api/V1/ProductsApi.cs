using System.Globalization;
using System.Text.Json;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/products: list, get, put, patch.</summary>
internal sealed class ProductsApi(ProductCatalog catalog)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>RFC 9110 §9.1: what takes GET takes HEAD; the server leaves the body out.</summary>
    private static readonly string[] Reading = ["GET", "HEAD"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/products", Reading, (RequestDelegate)List);
        var one = routes.MapGroup("").WithMetadata(ShortSteps.Mark);
        one.MapMethods("/v1/products/{id}", Reading, (RequestDelegate)Get);
        one.MapPut("/v1/products/{id}", (RequestDelegate)Put);
        one.MapPatch("/v1/products/{id}", (RequestDelegate)Patch);
    }

    private Task List(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && (limits is not [{ } text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return Refuse(context, "invalid_limit", $"limit is a whole number from 1 to {MaxLimit}, given once.");

        string? after = null;
        if (query.TryGetValue("cursor", out var cursors) && (after = cursors is [{ } cursor] ? Cursor.Read(cursor) : null) is null)
            return Refuse(context, "invalid_cursor", "cursor is next_cursor of the page before, given once.");

        var (filter, wrong) = ProductFilterQuery.Read(query);
        if (wrong is not null)
            return Refuse(context, "invalid_filter", $"{wrong} cannot be used like this: q, sku, currency, min_price and max_price (with currency) and attribute.NAME, each once, choose among products.");

        var page = catalog.List(after, limit, filter);
        var list = new ProductList(page.Products, page.HasMore) { NextCursor = page.HasMore ? Cursor.After(page.Products[^1].Id) : null };
        return WriteJson(context, JsonSerializer.SerializeToUtf8Bytes(list, V1Json.Context.ProductList));
    }

    private Task Get(HttpContext context)
    {
        if (catalog.Find(IdOf(context)) is not { } entry)
            return ProblemResponses.Write(context.Response, new Problem(StatusCodes.Status404NotFound, "product_not_found", "No product has this id."));
        if (Precondition.Read(context.Request.Headers) is not { } precondition)
            return RefusePrecondition(context);

        context.Response.Headers.ETag = ETagOf(entry);
        if (precondition.NoneMatchFails(ETagOf(entry)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return WriteProduct(context, entry.Product);
    }

    private Task Put(HttpContext context) => WithBody(context, (body, precondition) =>
    {
        var (product, problem) = ProductBody.Read(body, IdOf(context));
        return product is null
            ? ProblemResponses.Write(context.Response, problem!)
            : Answer(context, catalog.Change(
                product.Id,
                existing => precondition.Holds(ETagOf(existing)) ? (product, default) : (null, PutOutcome.PreconditionFailed),
                settles: _ => true));
    });

    /// <summary>Writes the members that are given, and no other: what somebody else writes to those meanwhile stays.</summary>
    private Task Patch(HttpContext context) => WithBody(context, async (body, precondition) =>
    {
        Problem? problem = null;
        var result = await catalog.Change(
            IdOf(context),
            existing =>
            {
                if (existing is null)
                    return (null, PutOutcome.NotFound);
                if (!precondition.Holds(ETagOf(existing)))
                    return (null, PutOutcome.PreconditionFailed);
                (var product, problem) = ProductBody.Patch(existing.Product, body);
                return (product, PutOutcome.Invalid);
            },
            path => IsNamed(body, path));
        await (problem is null ? Answer(context, Task.FromResult(result)) : ProblemResponses.Write(context.Response, problem));
    });

    /// <summary>Whether a patch names the member that a field belongs to.</summary>
    private static bool IsNamed(JsonElement patch, string field) => field.Split('/')[0] switch
    {
        "price" or "currency" => patch.TryGetProperty("price", out _) || patch.TryGetProperty("prices", out _),
        "attribute" => patch.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(field["attribute/".Length..], out _),
        "variant" => patch.TryGetProperty("variants", out _),
        var member => patch.TryGetProperty(member, out _),
    };

    private static async Task WithBody(HttpContext context, Func<JsonElement, Precondition, Task> act)
    {
        var id = IdOf(context);
        if (!Product.IsId(id))
        {
            await Refuse(context, "invalid_id", "A product id is 1 to 64 lower-case letters, digits and inner hyphens.");
            return;
        }
        if (Precondition.Read(context.Request.Headers) is not { } precondition)
        {
            await RefusePrecondition(context);
            return;
        }
        var (document, problem) = await StrictJson.Read(context.Request);
        using (document)
        {
            await (document is null ? ProblemResponses.Write(context.Response, problem!) : act(document.RootElement, precondition));
        }
    }

    private static async Task Answer(HttpContext context, Task<PutResult> change) => await Write(context, await change);

    private static Task Write(HttpContext context, PutResult result)
    {
        var response = context.Response;
        response.Headers.ETag = ETagOf(result.Entry);
        switch (result.Outcome)
        {
            case PutOutcome.PreconditionFailed:
                return ProblemResponses.Write(response, new Problem(StatusCodes.Status412PreconditionFailed, "precondition_failed", "The product is not as the request expects it. Read it again, then decide."));
            case PutOutcome.NotFound:
                return ProblemResponses.Write(response, new Problem(StatusCodes.Status404NotFound, "product_not_found", "No product has this id."));
            case PutOutcome.Full:
                return ProblemResponses.Write(response, new Problem(StatusCodes.Status507InsufficientStorage, "catalog_full", $"The catalog holds {ProductCatalog.Capacity} products, its most."));
            case PutOutcome.Created:
                response.StatusCode = StatusCodes.Status201Created;
                response.Headers.Location = context.Request.Path.Value;
                break;
        }
        return WriteProduct(context, result.Entry!.Product);
    }

    private static Task Refuse(HttpContext context, string code, string detail) =>
        ProblemResponses.Write(context.Response, new Problem(StatusCodes.Status400BadRequest, code, detail));

    private static Task RefusePrecondition(HttpContext context) =>
        Refuse(context, "invalid_precondition", "If-Match and If-None-Match are * or entity tags in quotes, separated by commas.");

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>A strong validator (RFC 9110 §8.8.3): the bytes sent follow from the content.</summary>
    private static string? ETagOf(CatalogEntry? entry) => entry is null ? null : $"\"{entry.Version}\"";

    private static Task WriteProduct(HttpContext context, Product product) =>
        WriteJson(context, JsonSerializer.SerializeToUtf8Bytes(product, V1Json.Context.Product));

    private static Task WriteJson(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }
}
