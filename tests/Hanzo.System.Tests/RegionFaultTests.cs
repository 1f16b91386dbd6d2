using System.Collections.Concurrent;
using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>
/// The nearest region fails in every way that a region can, while clients read, order with a key and order without one: whoever may be
/// served elsewhere is, whoever may not is told why, and no order without a key is executed twice.
/// </summary>
[Collection(Lanes.Edges)]
public sealed class RegionFaultTests(FailingWorld world) : IClassFixture<FailingWorld>
{
    private const int Clients = 8;

    private static readonly TimeSpan Flap = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<Answer> answers = new();
    private int orders;

    [Fact]
    public Task A_region_that_answers_503_costs_nobody_an_answer() => Under(() => world.Tell("refuse"));

    [Fact]
    public Task A_region_that_is_two_seconds_slow_costs_nobody_an_answer() => Under(() => world.Tell("slow"));

    [Fact]
    public Task A_region_that_freezes_costs_nobody_an_answer() => Under(() =>
    {
        world.Signal("STOP");
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_region_that_is_killed_costs_nobody_an_answer() => Under(world.Kill);

    [Fact]
    public Task A_region_that_dies_and_comes_back_every_three_seconds_costs_nobody_an_answer() => Under(async () =>
    {
        await world.Kill();
        await Task.Delay(Flap, TimeProvider.System);
        world.Revive();
        await Task.Delay(Flap, TimeProvider.System);
        await world.Kill();
    });

    private async Task Under(Func<Task> fault)
    {
        await world.Heal();
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => Shop(client, stop.Token))).ToList();
        await Answered(200);
        await fault();
        await Answered(400);
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Contains(answers, answer => answer.Region == "eu-west");
        Assert.Contains(answers, answer => answer.Region == "us-east");
        Assert.DoesNotContain(answers, answer => answer.Kind != Kind.Order && answer.Status != 200);
        // An order that may have reached the region is not repeated: its client is told so, by the region's own refusal or by the edge.
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.True(answer.Status == 503 || answer.Told == "unknown", $"{answer}"));
        var executed = world.Executed().CountBy(order => order).ToDictionary();
        Assert.All(answers.Where(answer => answer.Kind == Kind.Order), answer => Assert.InRange(executed.GetValueOrDefault(answer.Id), answer.Status == 200 ? 1 : 0, 1));
    }

    private Task Answered(int more)
    {
        var until = answers.Count + more;
        return Eventually.Holds($"{more} more requests are answered", () => answers.Count >= until);
    }

    private async Task Shop(int client, CancellationToken stop)
    {
        // Half of the orders without a key: they may wait for as long as the route allows, and must not be all that is going on.
        for (var turn = client; !stop.IsCancellationRequested; turn++)
            answers.Enqueue(await Ask((turn % 10) switch { 4 => Kind.KeyedOrder, 9 when client % 2 == 0 => Kind.Order, _ => Kind.Read }));
    }

    private async Task<Answer> Ask(Kind kind)
    {
        var id = $"order-{Guid.CreateVersion7()}-{Interlocked.Increment(ref orders)}";
        using var request = new HttpRequestMessage(kind == Kind.Read ? HttpMethod.Get : HttpMethod.Post, world.Shop);
        request.Headers.Add("X-Forwarded-For", EdgeWorld.London);
        request.Headers.Add("Order", id);
        if (kind == Kind.KeyedOrder) request.Headers.Add("Idempotency-Key", id);
        if (kind != Kind.Read) request.Content = new StringContent("an order");
        using var response = await Http.Client.SendAsync(request, CancellationToken.None);
        var region = response.Headers.TryGetValues("Hanzo-Region", out var values) ? values.First() : "";
        return new Answer(id, kind, (int)response.StatusCode, region, await Executed(response));
    }

    // What the edge says of whether a request that it could not have answered was executed.
    private static async Task<string?> Executed(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == "application/problem+json"
        ? JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("executed").GetString()
        : null;

    private enum Kind
    {
        Read,
        KeyedOrder,
        Order,
    }

    private sealed record Answer(string Id, Kind Kind, int Status, string Region, string? Told);
}
