using System.Net;
using System.Net.Http.Headers;
using System.Text;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api;

public sealed class ProblemResponsesTests(RunningNode node) : IClassFixture<RunningNode>
{
    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/products/a/b")]
    [InlineData("/")]
    public async Task A_path_that_is_not_served_is_a_problem(string path) =>
        Assert.Equal("route_not_found", await ProblemCode(await node.Client.GetAsync(path), HttpStatusCode.NotFound));

    [Theory]
    [InlineData("DELETE", "/v1/products/mug-enamel", "GET, HEAD, PATCH, PUT")]
    [InlineData("POST", "/v1/products", "GET, HEAD")]
    [InlineData("PUT", "/readyz", "GET, HEAD")]
    public async Task A_method_that_is_not_taken_is_a_problem_that_lists_those_that_are(string method, string path, string allowed)
    {
        var response = await node.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("method_not_allowed", await ProblemCode(response, HttpStatusCode.MethodNotAllowed));
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task A_body_that_is_not_said_to_be_json_is_a_problem(string? contentType)
    {
        var request = Put("mug-enamel", "{}");
        request.Content!.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        Assert.Equal("unsupported_media_type", await ProblemCode(await node.Client.SendAsync(request), HttpStatusCode.UnsupportedMediaType));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_a_problem(bool lengthIsKnown)
    {
        var request = Put("mug-enamel", new string(' ', 65 * 1024));
        request.Headers.TransferEncodingChunked = !lengthIsKnown;
        Assert.Equal("body_too_large", await ProblemCode(await node.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{/*no*/}")]
    [InlineData("{'a':1}")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"price":{"a":1,"a":1}}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"\ud800":"name"}""")]
    [InlineData("""{"\ud800":1,"\udfff":1}""")]
    public async Task A_body_that_is_not_json_is_a_problem(string body) =>
        Assert.Equal("malformed_json", await ProblemCode(await node.Client.SendAsync(Put("refused", body)), HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_body_that_is_not_utf8_is_a_problem()
    {
        var request = Put("refused", "");
        request.Content = new ByteArrayContent([.. Encoding.ASCII.GetBytes("{\"name\":\""), 0xff, .. "\"}"u8]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Assert.Equal("malformed_json", await ProblemCode(await node.Client.SendAsync(request), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_body_that_is_nested_without_end_is_a_problem()
    {
        var request = Put("refused", string.Concat(Enumerable.Repeat("[", 5_000)));
        Assert.Equal("malformed_json", await ProblemCode(await node.Client.SendAsync(request), HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("/v1/products")]
    [InlineData("/v1/nothing")]
    [InlineData("/livez")]
    public async Task Every_answer_names_its_request_and_its_node(string path)
    {
        var first = await node.Client.GetAsync(path);
        var second = await node.Client.GetAsync(path);

        Assert.Equal("us-east-1", first.Headers.GetValues("Hanzo-Node").Single());
        Assert.StartsWith("req_", first.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
        Assert.NotEqual(first.Headers.GetValues("Request-Id"), second.Headers.GetValues("Request-Id"));
    }

    [Theory]
    [InlineData("edge-7f", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    public async Task A_request_id_that_comes_along_is_kept_when_it_is_a_plain_token(string id, bool kept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/products");
        request.Headers.TryAddWithoutValidation("Request-Id", id);
        var response = await node.Client.SendAsync(request);
        Assert.Equal(kept, response.Headers.GetValues("Request-Id").Single() == id);
    }
}
