using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Overriding;

public sealed class OverrideTests : IDisposable
{
    private static readonly Topology topology = Some.Topology("eu: a", "us: b");

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("overrides-");

    private string Path => System.IO.Path.Combine(directory.FullName, "overrides.json");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task An_override_is_published_at_once_and_ends_by_itself()
    {
        await using var world = World();
        world.Apply(topology);

        Assert.Null(world.Board.Override(Order("us", RegionOverride.ForcedDown, TimeSpan.FromSeconds(30))).Refusal);

        Assert.Equal((0b10UL, 0b01UL), (world.Now.ForcedDown, world.Now.Healthy));
        Assert.Equal(HealthState.Up, world.Now.Regions[1].Observed);
        world.PassSeconds(29.9);
        Assert.Equal(0b10UL, world.Now.ForcedDown);
        world.PassSeconds(0.2);
        Assert.Equal((0UL, 0b11UL), (world.Now.ForcedDown, world.Now.Healthy));
        Assert.Empty(world.Board.Overrides);
    }

    [Fact]
    public async Task A_refused_order_changes_nothing()
    {
        await using var world = World();
        world.Apply(topology);
        var before = world.Now;

        Assert.NotNull(world.Board.Override(Order("*", RegionOverride.Drained, TimeSpan.FromHours(1))).Refusal);

        Assert.Same(before, world.Now);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task An_override_survives_a_restart_with_the_time_it_has_left()
    {
        await using (var first = World())
        {
            first.Apply(topology);
            first.Board.Override(Order("us", RegionOverride.Drained, TimeSpan.FromSeconds(30)));
        }

        await using var second = World();
        Assert.Equal(0b10UL, second.Apply(topology).Drained);
        Assert.Equal("maintenance", Assert.Single(second.Board.Overrides).Reason);
        second.PassSeconds(30.1);
        Assert.Equal(0UL, second.Now.Drained);
        await using var third = World();
        Assert.Equal(0UL, third.Apply(topology).Drained);
    }

    [Fact]
    public async Task An_override_whose_time_ended_while_nothing_ran_does_not_come_back()
    {
        new OverrideStore(Path).Save([new ActiveOverride("us", RegionOverride.ForcedDown, "long ago", "ann", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1))]);

        await using var world = World();

        Assert.Equal(0UL, world.Apply(topology).ForcedDown);
        Assert.Empty(new OverrideStore(Path).Load());
    }

    [Fact]
    public async Task Everything_ordered_refused_and_ended_stands_in_the_audit_log()
    {
        await using var world = World();
        world.Apply(topology);
        world.Board.Override(Order("us", RegionOverride.Drained, TimeSpan.FromSeconds(1)));
        world.Board.Override(Order("*", RegionOverride.Drained, TimeSpan.FromSeconds(1)));
        world.PassSeconds(1.1);

        var lines = await File.ReadAllLinesAsync(Path + ".audit");
        Assert.Equal(3, lines.Length);
        Assert.Contains("\"event\":\"ordered\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("one at a time", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"event\":\"ended\"", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains("\"by\":\"ann\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_order_that_cannot_be_kept_is_refused()
    {
        await using var world = new BoardWorld(store: new OverrideStore(System.IO.Path.Combine(directory.FullName, "missing", "overrides.json")));
        world.Apply(topology);

        Assert.StartsWith("store:", world.Board.Override(Order("us", RegionOverride.Drained, TimeSpan.FromHours(1))).Refusal, StringComparison.Ordinal);
        Assert.Equal(0UL, world.Now.Drained);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"region\":\"us\"")]
    [InlineData("<html>")]
    [InlineData("null")]
    public async Task A_broken_file_is_told_and_keeps_nothing_from_starting(string content)
    {
        await File.WriteAllTextAsync(Path, content);

        await using var world = World();

        Assert.Equal(0UL, world.Apply(topology).Drained);
        Assert.Contains(world.Log.Lines, line => line.StartsWith("Error: The file of overrides could not be read", StringComparison.Ordinal));
        Assert.Null(world.Board.Override(Order("us", RegionOverride.Drained, TimeSpan.FromHours(1))).Refusal);
        Assert.Single(new OverrideStore(Path).Load());
    }

    private static OverrideOrder Order(string regions, RegionOverride kind, TimeSpan time) => new(regions, kind, "maintenance", "ann", time);

    private BoardWorld World() => new(store: new OverrideStore(Path));
}
