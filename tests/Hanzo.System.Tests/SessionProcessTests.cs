using System.Globalization;
using System.Net;
using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>
/// A client whose region is killed between a write and the next read: three real processes, kill -9. Each time is named by its
/// seed. Where there are many, several worlds share them: while a node starts in one, the others go on.
/// </summary>
[Collection(Lanes.Long)]
public sealed class SessionProcessTests
{
    /// <summary>The environment variable that holds the seeds of the regions that are killed, as FIRST-LAST; bench/nightly asks for 10,000, a hundred at a time.</summary>
    private const string Variable = "HANZO_FAILOVERS";

    private const int ManyFailovers = 100;
    private const int WorldsForMany = 4;

    private static readonly int[] Seeds = SeedsOf(Environment.GetEnvironmentVariable(Variable) ?? "1-3");
    private static readonly int Worlds = Seeds.Length < ManyFailovers ? 1 : WorldsForMany;

    [Fact]
    public Task What_a_client_wrote_before_its_region_was_killed_is_found_in_the_next_or_said_to_be_missing() => InEveryWorld(async (world, seeds) =>
    {
        var cart = (await world.Ask(HttpMethod.Post, 0, "/v1/carts", "{}", HttpStatusCode.Created)).Body.GetProperty("id").GetString()!;
        var written = 0;
        // From here on each region finds it, though perhaps not all of it.
        for (var node = 0; node < 3; node++)
            await Eventually.Holds("every region has the cart", async () => (await world.Ask(HttpMethod.Get, node, $"/v1/carts/{cart}", null)).Status == HttpStatusCode.OK);
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var (home, next) = (random.Next(3), random.Next(1, 3));
            await Eventually.Holds("the region has the cart", async () => (await world.Ask(HttpMethod.Get, home, $"/v1/carts/{cart}", null)).State == "current");
            await world.Ask(HttpMethod.Post, home, $"/v1/carts/{cart}/lines", """{"product":"mug-enamel","quantity":1}""", HttpStatusCode.OK);
            written++;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), TimeProvider.System);
            world.Kill(home);

            var read = await world.Ask(HttpMethod.Get, (home + next) % 3, $"/v1/carts/{cart}", null, HttpStatusCode.OK);
            if (read.State == "current")
                Assert.Equal((seed, written), (seed, QuantityIn(read.Body)));
            else
                // What is behind may be something else, or have come while the answer was made.
                Assert.Equal((seed, "behind", true), (seed, read.State, QuantityIn(read.Body) >= written - 1));

            await world.StartAgain(home);
        }
        for (var node = 0; node < 3; node++)
            await Eventually.Holds("every region has all of it", async () => await world.Ask(HttpMethod.Get, node, $"/v1/carts/{cart}", null) is { State: "current" } read && QuantityIn(read.Body) == written);
    });

    [Fact]
    public Task What_a_client_wrote_to_stock_is_in_the_local_readings_of_the_node_it_goes_to_or_said_to_be_missing() => InEveryWorld(async (world, seeds) =>
    {
        const string stock = "/v1/inventory/SESSION-1";
        var written = 0;
        await Eventually.Holds("stock is taken", async () => (await world.Ask(HttpMethod.Put, 0, stock, """{"on_hand":0}""")).Status == HttpStatusCode.Created, TimeSpan.FromMinutes(1));
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var (home, next) = (random.Next(3), random.Next(1, 3));
            await Eventually.Holds("a unit is added", async () => (await world.Ask(HttpMethod.Post, home, $"{stock}/adjustments", """{"delta":1}""", key: $"unit-{seed}")).Status == HttpStatusCode.OK, TimeSpan.FromMinutes(1));
            written++;
            world.Kill(home);

            // A node that was only just started may know of no stock at all; it then says that it is behind.
            var read = await world.Ask(HttpMethod.Get, (home + next) % 3, stock, null, isLocal: true);
            if (read.State == "current")
                Assert.Equal((seed, written), (seed, read.Body.GetProperty("on_hand").GetInt64()));
            else
                Assert.Equal((seed, "behind"), (seed, read.State));

            await world.StartAgain(home);
        }
        for (var node = 0; node < 3; node++)
            await Eventually.Holds("every node has all of it", async () => await world.Ask(HttpMethod.Get, node, stock, null, isLocal: true) is { State: "current", Status: HttpStatusCode.OK } read && read.Body.GetProperty("on_hand").GetInt64() == written, TimeSpan.FromMinutes(1));
    });

    private static Task InEveryWorld(Func<SessionWorld, IEnumerable<int>, Task> act) => Task.WhenAll(Enumerable.Range(1, Worlds).Select(async first =>
    {
        await using var world = await SessionWorld.Start();
        await act(world, Seeds.Where(seed => seed % Worlds == first % Worlds));
    }));

    private static int[] SeedsOf(string range) =>
        range.Split('-').Select(end => int.Parse(end, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray() is [var first, var last]
            ? [.. Enumerable.Range(first, last - first + 1)]
            : throw new FormatException($"{Variable} is FIRST-LAST, not '{range}'.");

    private static long QuantityIn(JsonElement cart) => cart.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64());
}
