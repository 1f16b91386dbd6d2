using System.Net;
using System.Net.Http.Headers;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class ProductEditsTests(RunningNode node) : IClassFixture<RunningNode>
{
    private const string Shirt = """
        {"sku":"SHIRT","name":"Linen Shirt","price":{"amount":5000,"currency":"EUR"},"prices":[{"amount":5500,"currency":"USD"}],
         "attributes":{"material":"linen"},
         "variants":[{"sku":"SHIRT-M","name":"M","attributes":{"size":"m"}},{"sku":"SHIRT-L","name":"L","attributes":{"size":"l"},"prices":[{"amount":5200,"currency":"EUR"}]}]}
        """;

    [Fact]
    public async Task Variants_prices_and_attributes_come_back_in_order()
    {
        var put = await Json(await node.Client.SendAsync(Put("shirt", Shirt)));
        Assert.Equal("""[{"amount":5500,"currency":"USD"}]""", put.GetProperty("prices").GetRawText());
        Assert.Equal("""{"material":"linen"}""", put.GetProperty("attributes").GetRawText());
        Assert.Equal(
            """[{"sku":"SHIRT-L","name":"L","prices":[{"amount":5200,"currency":"EUR"}],"attributes":{"size":"l"}},{"sku":"SHIRT-M","name":"M","attributes":{"size":"m"}}]""",
            put.GetProperty("variants").GetRawText());
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_takes_away()
    {
        var etag = (await node.Client.SendAsync(Put("shirt-patched", Shirt))).Headers.ETag!.ToString();
        var patched = await Patch("shirt-patched", """{"name":"Shirt","attributes":{"material":null,"fit":"slim"},"variants":null}""", etag);
        var shirt = await Json(patched);
        Assert.Equal("Shirt", shirt.GetProperty("name").GetString());
        Assert.Equal("""{"fit":"slim"}""", shirt.GetProperty("attributes").GetRawText());
        Assert.False(shirt.TryGetProperty("variants", out _));
        Assert.Equal("""[{"amount":5500,"currency":"USD"}]""", shirt.GetProperty("prices").GetRawText());
        Assert.Equal("precondition_failed", await ProblemCode(await Patch("shirt-patched", """{"name":"Late"}""", etag), HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("""{"name":null}""", "missing_member")]
    [InlineData("""{"colour":"red"}""", "unknown_member")]
    [InlineData("""[]""", "wrong_type")]
    [InlineData("""{"attributes":{"Not A Name":"x"}}""", "invalid_value")]
    [InlineData("""{"prices":[{"amount":1,"currency":"EUR"}]}""", "invalid_value")]
    [InlineData("""{"variants":[{"sku":"A"},{"sku":"A"}]}""", "invalid_value")]
    public async Task A_patch_to_what_is_no_product_is_refused_and_changes_nothing(string patch, string code)
    {
        var before = (await node.Client.SendAsync(Put("shirt-kept", Shirt))).Headers.ETag;
        Assert.Equal(code, await ProblemCode(await Patch("shirt-kept", patch), HttpStatusCode.BadRequest));
        Assert.Equal(before, (await node.Client.GetAsync("/v1/products/shirt-kept")).Headers.ETag);
    }

    [Fact]
    public async Task A_patch_of_what_is_not_there_is_not_found() =>
        Assert.Equal("product_not_found", await ProblemCode(await Patch("nothing", """{"name":"A"}"""), HttpStatusCode.NotFound));

    [Theory]
    [InlineData("q=lin", true)]
    [InlineData("q=SHIRT", true)]
    [InlineData("q=inen", false)]
    [InlineData("sku=SHIRT-L", true)]
    [InlineData("sku=SHIRT-XL", false)]
    [InlineData("currency=USD&max_price=5500", true)]
    [InlineData("currency=USD&max_price=5499", false)]
    [InlineData("currency=EUR&min_price=5001", false)]
    [InlineData("currency=GBP", false)]
    [InlineData("attribute.material=linen&attribute.size=l", true)]
    [InlineData("attribute.material=wool", false)]
    [InlineData("attribute.size=xl", false)]
    public async Task A_filter_finds_what_fits(string query, bool found)
    {
        await node.Client.SendAsync(Put("shirt-found", Shirt));
        var list = await Json(await node.Client.GetAsync($"/v1/products?limit=100&{query}"));
        Assert.Equal(found, list.GetProperty("data").EnumerateArray().Any(product => product.GetProperty("id").GetString() == "shirt-found"));
    }

    [Theory]
    [InlineData("colour=red")]
    [InlineData("q=")]
    [InlineData("q=a&q=b")]
    [InlineData("min_price=3")]
    [InlineData("currency=EUR&min_price=-3")]
    [InlineData("currency=nothing")]
    [InlineData("attribute.=x")]
    public async Task A_filter_that_is_none_is_refused(string query) =>
        Assert.Equal("invalid_filter", await ProblemCode(await node.Client.GetAsync($"/v1/products?{query}"), HttpStatusCode.BadRequest));

    private Task<HttpResponseMessage> Patch(string id, string patch, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/products/{id}") { Content = new StringContent(patch, new MediaTypeHeaderValue("application/merge-patch+json")) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return node.Client.SendAsync(request);
    }
}
