using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>hanzo-drill practice against a running edge.</summary>
[Collection(Lanes.Drills)]
public sealed class PracticeProcessTests(RunningEdgeWorld running) : IClassFixture<RunningEdgeWorld>, IAsyncLifetime
{
    private readonly EdgeWorld _world = running.World;

    public async Task InitializeAsync() =>
        await Eventually.Holds("every region is up, and none is taken away", async () => (await Regions()) is var now
            && now.GetProperty("overrides").GetArrayLength() == 0
            && EdgeWorld.AreUp(now));

    public Task DisposeAsync() => Task.CompletedTask;

    private RunningProgram Practice(string region, string time) =>
        RunningProgram.Start(Repository.Drill, ["practice", "--edge", _world.Admin, "--region", region, "--for", time]);

    private Task<JsonElement> Regions() => Http.Json($"{_world.Admin}/regions");

    private async Task<bool> IsDrained(string region) =>
        (await Regions()).GetProperty("overrides").EnumerateArray().Any(one => one.GetProperty("region").GetString() == region && one.GetProperty("kind").GetString() == "drain");

    private Task IsUnderWay(RunningProgram practice) => Eventually.Holds("eu-west is drained", async () =>
        practice.HasExited ? throw new InvalidOperationException(practice.Output) : await IsDrained("eu-west"));

    [Fact]
    public async Task A_region_is_taken_away_and_given_back()
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        await using var practice = Practice("eu-west", "8s");
        await IsUnderWay(practice);

        await Eventually.Holds("London is answered elsewhere", async () => await _world.RegionOf(EdgeWorld.London) == "us-east");
        await using (var second = Practice("us-east", "8s"))
        {
            Assert.Equal(2, await second.Exit());
            Assert.Contains("BLOCKED us-east: an override is active: drain eu-west", second.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, await practice.Exit());
        Assert.Contains("PASSED eu-west", practice.Output, StringComparison.Ordinal);
        Assert.False(await IsDrained("eu-west"));
        await Eventually.Holds("London is answered by eu-west again", async () => await _world.RegionOf(EdgeWorld.London) == "eu-west");
    }

    [Fact]
    public async Task A_real_event_goes_first_and_while_it_lasts_nobody_practises()
    {
        await using var practice = Practice("eu-west", "10m");
        await IsUnderWay(practice);

        await _world.KillNode("ap-southeast");

        Assert.Equal(2, await practice.Exit());
        Assert.Contains("INTERRUPTED eu-west: ap-southeast is down: a real event goes first", practice.Output, StringComparison.Ordinal);
        Assert.False(await IsDrained("eu-west"));
        await using var another = Practice("eu-west", "10m");
        Assert.Equal(2, await another.Exit());
        Assert.Contains("BLOCKED eu-west: not every region is up: ap-southeast", another.Output, StringComparison.Ordinal);
        _world.StartNode("ap-southeast");
    }

    [Fact]
    public async Task Who_is_told_to_stop_gives_the_region_back()
    {
        await using var practice = Practice("eu-west", "10m");
        await IsUnderWay(practice);

        practice.Signal("INT");

        Assert.Equal(2, await practice.Exit());
        Assert.Contains("INTERRUPTED eu-west: it was told to stop", practice.Output, StringComparison.Ordinal);
        Assert.False(await IsDrained("eu-west"));
    }

    [Fact]
    public async Task When_the_practice_is_killed_the_override_ends_by_itself()
    {
        await using var practice = Practice("eu-west", "10m");
        await IsUnderWay(practice);

        practice.Signal("KILL");

        await Eventually.Holds("the override is over", async () => !await IsDrained("eu-west"), TimeSpan.FromSeconds(40));
    }
}
