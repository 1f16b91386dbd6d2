using System.Globalization;
using System.Net;
using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>
/// Customers whose region is killed between a write and their next read: three real processes, kill -9. Each time is named by
/// its seed. All who are in a region when it is killed go through it together, some just after their write and some a while
/// later; where there are many, several worlds share them, and while a node starts in one, the others go on.
/// </summary>
[Collection(Lanes.Drills)]
public sealed class SessionProcessTests
{
    /// <summary>The environment variable that holds the seeds of the customers whose region is killed, as FIRST-LAST; bench/nightly asks for 10,000.</summary>
    private const string Variable = "HANZO_FAILOVERS";

    private const int ManyFailovers = 100;

    private static readonly int[] Seeds = SeedsOf(Environment.GetEnvironmentVariable(Variable) ?? "1-15");
    private static readonly int Worlds = Seeds.Length < ManyFailovers ? 1 : 3;
    private static readonly int Crowd = Seeds.Length < ManyFailovers ? 5 : 20;

    [Fact]
    public Task What_a_client_wrote_before_its_region_was_killed_is_found_in_the_next_or_said_to_be_missing() => InEveryWorld(
        async (world, customer, _) =>
        {
            customer.Path = $"/v1/carts/{(await world.Ask(customer, HttpMethod.Post, 0, "/v1/carts", "{}", HttpStatusCode.Created)).Body.GetProperty("id").GetString()}";
            // From here on each region finds it, though perhaps not all of it.
            for (var node = 0; node < 3; node++)
                await Eventually.Holds("every region has the cart", async () => (await world.Ask(customer, HttpMethod.Get, node, customer.Path, null)).Status == HttpStatusCode.OK);
        },
        async (world, customer, home, random) =>
        {
            await Eventually.Holds("the region has the cart", async () => (await world.Ask(customer, HttpMethod.Get, home, customer.Path, null)).State == "current");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), TimeProvider.System);
            await world.Ask(customer, HttpMethod.Post, home, $"{customer.Path}/lines", """{"product":"mug-enamel","quantity":1}""", HttpStatusCode.OK);
        },
        async (world, customer, next, seed) =>
        {
            var read = await world.Ask(customer, HttpMethod.Get, next, customer.Path, null, HttpStatusCode.OK);
            if (read.State == "current")
                Assert.Equal((seed, customer.Written), (seed, QuantityIn(read.Body)));
            else
                // What is behind may be something else, or have come while the answer was made.
                Assert.Equal((seed, "behind", true), (seed, read.State, QuantityIn(read.Body) >= customer.Written - 1));
        },
        async (world, customer, node) => await world.Ask(customer, HttpMethod.Get, node, customer.Path, null) is { State: "current" } read && QuantityIn(read.Body) == customer.Written);

    [Fact]
    public Task What_a_client_wrote_to_stock_is_in_the_local_readings_of_the_node_it_goes_to_or_said_to_be_missing() => InEveryWorld(
        async (world, customer, number) =>
        {
            customer.Path = $"/v1/inventory/SESSION-{number}";
            // What nobody answered may be there already.
            await Eventually.Holds("stock is taken", async () => (await world.Ask(customer, HttpMethod.Put, 0, customer.Path, """{"on_hand":0}""")).Status is HttpStatusCode.Created or HttpStatusCode.OK, TimeSpan.FromMinutes(1));
        },
        (world, customer, home, _) => Eventually.Holds("a unit is added", async () => (await world.Ask(customer, HttpMethod.Post, home, $"{customer.Path}/adjustments", """{"delta":1}""", key: $"{customer.Path}-{customer.Written}")).Status == HttpStatusCode.OK, TimeSpan.FromMinutes(1)),
        async (world, customer, next, seed) =>
        {
            // A node that was only just started may know of no stock at all; it then says that it is behind.
            var read = await world.Ask(customer, HttpMethod.Get, next, customer.Path, null, isLocal: true);
            if (read.State == "current")
                Assert.Equal((seed, customer.Written), (seed, read.Body.GetProperty("on_hand").GetInt64()));
            else
                Assert.Equal((seed, "behind"), (seed, read.State));
        },
        async (world, customer, node) => await world.Ask(customer, HttpMethod.Get, node, customer.Path, null, isLocal: true) is { State: "current", Status: HttpStatusCode.OK } read && read.Body.GetProperty("on_hand").GetInt64() == customer.Written);

    /// <param name="enter">A customer comes, with its number.</param>
    /// <param name="write">It writes in its region.</param>
    /// <param name="read">It reads in the next one, and judges what it finds for its seed.</param>
    /// <param name="hasAll">Whether a region shows it all in the end.</param>
    private static Task InEveryWorld(Func<SessionWorld, SessionWorld.Customer, int, Task> enter, Func<SessionWorld, SessionWorld.Customer, int, Random, Task> write,
        Func<SessionWorld, SessionWorld.Customer, int, int, Task> read, Func<SessionWorld, SessionWorld.Customer, int, Task<bool>> hasAll) => Task.WhenAll(Enumerable.Range(1, Worlds).Select(async first =>
    {
        await using var world = await SessionWorld.Start();
        var customers = Enumerable.Range(0, Crowd).Select(_ => new SessionWorld.Customer()).ToArray();
        await Task.WhenAll(customers.Select((customer, number) => enter(world, customer, number)));
        foreach (var seeds in Seeds.Where(seed => seed % Worlds == first % Worlds).Chunk(Crowd))
        {
            var home = new Random(seeds[0]).Next(3);
            var there = seeds.Zip(customers, (seed, customer) => (Seed: seed, Random: new Random(seed), Customer: customer)).ToArray();
            await Task.WhenAll(there.Select(async one =>
            {
                await write(world, one.Customer, home, one.Random);
                one.Customer.Written++;
            }));
            world.Kill(home);
            await Task.WhenAll(there.Select(one => read(world, one.Customer, (home + one.Random.Next(1, 3)) % 3, one.Seed)));
            await world.StartAgain(home);
        }
        for (var node = 0; node < 3; node++)
            foreach (var customer in customers)
                await Eventually.Holds("every region has all of it", () => hasAll(world, customer, node), TimeSpan.FromMinutes(1));
    }));

    private static int[] SeedsOf(string range) =>
        range.Split('-').Select(end => int.Parse(end, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray() is [var first, var last]
            ? [.. Enumerable.Range(first, last - first + 1)]
            : throw new FormatException($"{Variable} is FIRST-LAST, not '{range}'.");

    private static long QuantityIn(JsonElement cart) => cart.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64());
}
