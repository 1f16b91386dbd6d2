using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Receipts;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Receipts;

using RunningEdge = Hanzo.Edge.Tests.Proxying.RunningEdge;

/// <summary>What a real edge says of its requests afterwards. London's first choice, eu-west, answers 503 to everything but probes.</summary>
public sealed class ReceiptTests : IAsyncLifetime
{
    private Upstream usEast = null!;
    private Upstream euWest = null!;
    private RunningEdge edge = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        usEast = await Upstream.Start(context => context.Response.WriteAsync("us"));
        euWest = await Upstream.Start(context => { context.Response.StatusCode = 503; return Task.CompletedTask; });
        edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(usEast.Http1, euWest.Http1)) with
        {
            Health = new HealthOptions { Probe = new ProbeOptions { Interval = TimeSpan.FromHours(1), FastInterval = TimeSpan.FromHours(1) } },
        });
        admin = new HttpClient { BaseAddress = edge.Host.Admin };
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await edge.DisposeAsync();
        await usEast.DisposeAsync();
        await euWest.DisposeAsync();
    }

    [Fact]
    public void A_hundred_thousand_receipts_take_8_MB_without_what_few_of_them_have() =>
        Assert.InRange(Unsafe.SizeOf<DecisionReceipt>() * ReceiptRing.DefaultCapacity, 0, 8_000_000);

    [Fact]
    public async Task A_receipt_tells_every_attempt()
    {
        await Ask("order-17", RunningEdge.ClientInLondon);

        var receipt = await Json("/receipts/order-17");

        Assert.Equal(("203.0.113.7", "us-east", 200), (receipt.GetProperty("client").GetString(), receipt.GetProperty("region").GetString(), receipt.GetProperty("status").GetInt32()));
        Assert.Equal(
            ["eu-1 in eu-west: bad-status 503", "us-1 in us-east: answered 200"],
            receipt.GetProperty("attempts").EnumerateArray().Select(attempt => $"{attempt.GetProperty("endpoint")} in {attempt.GetProperty("region")}: {attempt.GetProperty("outcome")} {attempt.GetProperty("status")}"));
        Assert.Equal(["eu-west nearest", "us-east farther"], receipt.GetProperty("candidates").EnumerateArray().Select(candidate => $"{candidate.GetProperty("region")} {candidate.GetProperty("reason")}"));
    }

    [Theory]
    [InlineData("", "second first")]
    [InlineData("?client=203.0.113.7", "first")]
    [InlineData("?region=eu-west", "first")]
    [InlineData("?failedOver=false", "second")]
    [InlineData("?status=200&limit=1", "second")]
    [InlineData("?status=404", "")]
    [InlineData("?route=all&since=2000-01-01T00:00:00Z", "second first")]
    [InlineData("?until=2000-01-01T00:00:00Z", "")]
    public async Task Receipts_are_found_by_what_they_say_newest_first(string query, string found)
    {
        await Ask("first", RunningEdge.ClientInLondon);
        await Ask("second", RunningEdge.ClientInAshburn);

        var receipts = (await Json($"/receipts{query}")).GetProperty("receipts");

        Assert.Equal(found, string.Join(' ', receipts.EnumerateArray().Select(receipt => receipt.GetProperty("requestId").GetString())));
    }

    [Theory]
    [InlineData("?client=London", HttpStatusCode.BadRequest)]
    [InlineData("?limit=1001", HttpStatusCode.BadRequest)]
    [InlineData("?regoin=eu-west", HttpStatusCode.BadRequest)]
    [InlineData("/unheard-of", HttpStatusCode.NotFound)]
    public async Task A_question_that_cannot_be_answered_is_refused(string question, HttpStatusCode status) =>
        Assert.Equal(status, (await admin.GetAsync($"/receipts{question}")).StatusCode);

    [Fact]
    public async Task Explain_tells_a_request_by_its_id()
    {
        await Ask("order-17", RunningEdge.ClientInLondon);

        var (exit, output) = await Explain("--request", "order-17");

        Assert.Equal(0, exit);
        Assert.Contains("attempt 1: eu-1 in eu-west: bad-status 503 after", output, StringComparison.Ordinal);
        Assert.Contains("attempt 2: us-1 in us-east: answered 200 after", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_a_clients_last_request_before_a_time()
    {
        await Ask("before", RunningEdge.ClientInLondon);
        var between = edge.Host.State.Time.GetUtcNow();
        await Ask("after", RunningEdge.ClientInLondon);

        var (exit, output) = await Explain("--client", RunningEdge.ClientInLondon, "--at", between.ToString("O", CultureInfo.InvariantCulture));

        Assert.Equal(0, exit);
        Assert.StartsWith("request before of 203.0.113.7", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-west=down", "goes to us-east")]
    [InlineData("eu-west=drained", "goes to us-east")]
    [InlineData("us-east=down", "goes to eu-west")]
    public async Task Explain_supposes_what_it_is_told(string supposition, string answer)
    {
        var (exit, output) = await Explain("--client", RunningEdge.ClientInLondon, "--what-if", supposition);

        Assert.Equal(0, exit);
        Assert.Contains(answer, output, StringComparison.Ordinal);
        Assert.Contains("observed up, forced by", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--client", "203.0.113.7", "--what-if", "eu-west=gone")]
    [InlineData("--client", "203.0.113.7", "--what-if", "eu-wets=down")]
    [InlineData("--request", "unheard-of")]
    [InlineData("--request", "order-17", "--client", "203.0.113.7")]
    public async Task Explain_refuses_what_it_cannot_answer(params string[] arguments) => Assert.Equal(1, (await Explain(arguments)).Exit);

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("TRACE", 405)]
    public async Task Every_response_names_its_request(string method, int status)
    {
        var answer = await edge.Ask(also: request => request.Method = new HttpMethod(method));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty(Assert.Single(answer.Headers.GetValues("Request-Id")));
    }

    private async Task Ask(string id, string client)
    {
        await (await edge.Ask(client: client, also: request => request.Headers.Add("Request-Id", id))).Content.ReadAsStringAsync();
        await Eventually.Holds("the receipt is there", () => edge.Host.State.Receipts.Find(id) is not null);
    }

    private async Task<JsonElement> Json(string path) => JsonDocument.Parse(await admin.GetStringAsync(path)).RootElement;

    private async Task<(int Exit, string Output)> Explain(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await ExplainCommand.Create(ConfigurationReader.OfThisProcess).Parse([.. arguments, "--admin", edge.Host.Admin.ToString()])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return (exit, output.ToString());
    }
}
