using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/webhooks: where a merchant hears what happens.</summary>
internal sealed class WebhooksApi(CommerceShards shards, WebhookSaga saga, WebhookGuard guard, Lists lists)
{
    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/webhooks", List);
        endpoints.ReadOne(routes, "/v1/webhooks/{id}", Get);
        endpoints.Post(routes, "/v1/webhooks", Add);
        endpoints.Delete(routes, "/v1/webhooks/{id}", Remove);
    }

    private ValueTask<ApiAnswer> List(ApiRequest request) => lists.Page(
        request,
        page => new ListWebhooks(request.Merchant, page.After, page.Limit),
        reply => ((WebhookPage)reply).Endpoints,
        endpoint => endpoint.Id,
        WebhookBody.Of,
        V1Json.Context.ListBodyWebhookBody);

    private async ValueTask<ApiAnswer> Get(ApiRequest request)
    {
        var id = request.Route("id");
        var read = await shards.Ask(shards.OfId(id), new FindWebhook(request.Merchant, id), request.Consistency, request.Cancellation);
        return Answers.To(read, request.Consistency == Consistency.Local, reply => Tell(WebhookBody.Of(((WebhookReply)reply).Endpoint)));
    }

    private async ValueTask<ApiAnswer> Add(ApiRequest request)
    {
        var body = new BodyReading(request.Body);
        var url = body.Reading.Text("url", url => url.Length is > 0 and <= WebhookEndpoint.MaxUrlLength, $"A URL of at most {WebhookEndpoint.MaxUrlLength} characters");
        var events = body.Reading.Has("events")
            ? body.Reading.Texts("events", WebhookEvents.All.Length, WebhookEvents.All.Contains, "The name of an event, such as payment.authorized")
            : [];
        if (body.IsSound && await guard.Refuse(url, request.Cancellation) is { } refusal)
            body.Note("/url", refusal);
        if (body.End("webhook") is { } problem)
            return problem;

        var shard = shards.OfKey(request.Key!);
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var endpoint = new WebhookEndpoint(shards.NewId("whk", shard), request.Merchant, url, [.. events.Distinct().Order(StringComparer.Ordinal)], secret, default)
        {
            Unsettled = [.. Enumerable.Range(0, shards.Count).Where(other => other != shard)],
        };
        var submitted = await shards.Do(shard, new AddWebhook(endpoint), request.Cancellation, request.Key);
        if (submitted.Reply is WebhookReply { Endpoint: var added } && submitted.Result is { Repeated: false })
            await saga.Settle(added, request.Cancellation);
        return Answers.To(submitted, reply =>
        {
            var told = ((WebhookReply)reply).Endpoint;
            return Tell(WebhookBody.Of(told) with { Secret = $"whsec_{told.Secret}" }) with { Status = StatusCodes.Status201Created, Location = $"/v1/webhooks/{told.Id}" };
        });
    }

    private async ValueTask<ApiAnswer> Remove(ApiRequest request)
    {
        var id = request.Route("id");
        var home = shards.OfId(id);
        var submitted = await shards.Do(home, new RemoveWebhook(request.Merchant, id, shards.Count, home), request.Cancellation);
        if (submitted.Reply is WebhookReply { Endpoint: var removed })
            await saga.Settle(removed, request.Cancellation);
        return Answers.To(submitted, _ => new ApiAnswer(StatusCodes.Status204NoContent));
    }

    private static ApiAnswer Tell(WebhookBody body) => new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(body, V1Json.Context.WebhookBody));
}
