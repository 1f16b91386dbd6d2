using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class DescriptionTests(RunningNode node) : IClassFixture<RunningNode>
{
    /// <summary>What clients were promised. It is replaced by what is served when that only adds, and by a new version otherwise.</summary>
    private static JsonNode Promised() => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Api", "V1", "openapi.promised.json")))!;

    private async Task<JsonNode> Served() => JsonNode.Parse(await node.Client.GetStringAsync("/v1/openapi.json"))!;

    private async Task<IEnumerable<(string Method, string Path, JsonNode Operation)>> Operations() =>
        from path in (await Served())["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value);

    private static bool AsksFor(JsonNode operation, string parameter) =>
        operation["parameters"]?.AsArray().Any(one => $"{one!["$ref"]}" == $"#/components/parameters/{parameter}") == true;

    private static HttpRequestMessage Request(string method, string path) =>
        new(new HttpMethod(method), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));

    [Fact]
    public async Task Every_endpoint_is_described_and_everything_described_is_an_endpoint()
    {
        var mapped = from endpoint in node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     where endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
                     from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                     where method != "HEAD"
                     select $"{method} {endpoint.RoutePattern.RawText}";
        var described = (await Operations()).Select(one => $"{one.Method} {one.Path}");
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_was_promised_is_broken()
    {
        Assert.StartsWith("3.1.", $"{(await Served())["openapi"]}", StringComparison.Ordinal);
        Assert.Empty(Compatibility.Breaks(Promised(), await Served()));
    }

    [Theory]
    [InlineData("paths /v1/orders post", null)]
    [InlineData("paths /v1/orders post responses 201", null)]
    [InlineData("paths /v1/products get security", """[{"merchant":[]}]""")]
    [InlineData("paths /v1/payments get parameters", "[]")]
    [InlineData("paths /v1/carts/{id}/lines post parameters 1", """{"$ref":"#/components/parameters/Key"}""")]
    [InlineData("paths /v1/orders/{id}/cancel post requestBody required", "true")]
    [InlineData("components parameters Limit schema maximum", "50")]
    [InlineData("components schemas Order properties total", null)]
    [InlineData("components schemas Order required", """["id"]""")]
    [InlineData("components schemas Money properties amount", """{"type":"string"}""")]
    [InlineData("components schemas Payment properties status enum", """["authorized"]""")]
    [InlineData("components schemas OrderRequest required", """["items","payment_method","country"]""")]
    [InlineData("components schemas OrderRequest properties country", null)]
    [InlineData("components schemas OrderRequest properties items maxItems", "10")]
    [InlineData("components schemas WebhookRequest properties events items enum", """["order.confirmed"]""")]
    [InlineData("components schemas Reservation properties items items", """{"type":"string"}""")]
    public void What_breaks_a_client_is_seen(string at, string? value) => Assert.NotEmpty(Compatibility.Breaks(Promised(), Changed(at, value)));

    [Theory]
    [InlineData("paths /v1/new", """{"get":{"responses":{}}}""")]
    [InlineData("components parameters Limit schema maximum", "500")]
    [InlineData("components schemas Order properties note", """{"type":"string"}""")]
    [InlineData("components schemas OrderRequest properties note", """{"type":"string"}""")]
    [InlineData("components schemas OrderRequest required", """["items"]""")]
    [InlineData("components schemas Money properties amount description", "\"Said better.\"")]
    public void What_only_adds_is_taken(string at, string value) => Assert.Empty(Compatibility.Breaks(Promised(), Changed(at, value)));

    private static JsonNode Changed(string at, string? value)
    {
        var document = Promised();
        var names = at.Split(' ');
        var parent = names[..^1].Aggregate(document, (node, name) => node[name]!);
        if (parent is JsonArray array)
            array[int.Parse(names[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value!);
        else if (value is null)
            Assert.True(parent.AsObject().Remove(names[^1]));
        else
            parent[names[^1]] = JsonNode.Parse(value);
        return document;
    }

    [Fact]
    public async Task Every_answer_names_its_request_and_every_error_is_a_problem()
    {
        foreach (var (method, path, operation) in await Operations())
        {
            using var request = Request(method, path);
            using var response = await node.Client.SendAsync(request);
            Assert.NotEmpty(response.Headers.GetValues("Request-Id").Single());
            if (operation["security"] is not null)
                Assert.Equal("unauthorized", await ProblemCode(response, HttpStatusCode.Unauthorized));
            else if (!response.IsSuccessStatusCode)
                Assert.NotEmpty(await ProblemCode(response, response.StatusCode));
        }
    }

    [Fact]
    public async Task Every_merchant_is_told_its_limits()
    {
        foreach (var (method, path, _) in (await Operations()).Where(one => one.Operation["security"] is not null))
        {
            using var request = Request(method, path);
            using var response = await node.Merchant.SendAsync(request);
            Assert.NotEmpty(response.Headers.GetValues("RateLimit").Single());
            Assert.NotEmpty(response.Headers.GetValues("RateLimit-Policy").Single());
        }
    }

    [Fact]
    public async Task Every_list_has_pages_of_1_to_100()
    {
        var lists = (await Operations()).Where(one => one.Method == "GET" && AsksFor(one.Operation, "Limit")).Select(one => one.Path).ToList();
        Assert.True(lists.Count >= 6);
        foreach (var path in lists)
        {
            foreach (var limit in new[] { "0", "101", "-1", "ten", "", "1&limit=2" })
                Assert.Equal("invalid_limit", await ProblemCode(await node.Merchant.GetAsync($"{path}?limit={limit}"), HttpStatusCode.BadRequest));
            Assert.Equal("invalid_cursor", await ProblemCode(await node.Merchant.GetAsync($"{path}?cursor=%21"), HttpStatusCode.BadRequest));
            foreach (var limit in new[] { "1", "100" })
            {
                var page = await node.Get($"{path}?limit={limit}");
                Assert.Equal((true, true), (page.TryGetProperty("data", out _), page.TryGetProperty("has_more", out _)));
            }
        }
    }

    [Fact]
    public async Task Every_POST_of_a_merchant_asks_for_a_key()
    {
        var posts = (await Operations()).Where(one => one.Method == "POST" && one.Operation["security"] is not null).ToList();
        Assert.True(posts.Count >= 12);
        foreach (var (method, path, operation) in posts)
        {
            Assert.True(AsksFor(operation, "Key"), path);
            foreach (var (key, code) in new[] { (null, "idempotency_key_missing"), ("with \"quotes", "idempotency_key_invalid") })
            {
                using var request = Request(method, path);
                request.Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
                if (key is not null)
                    request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                using var response = await node.Merchant.SendAsync(request);
                Assert.Equal(code, await ProblemCode(response, HttpStatusCode.BadRequest));
            }
        }
    }
}
