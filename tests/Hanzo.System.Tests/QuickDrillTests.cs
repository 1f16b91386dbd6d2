using Hanzo.System.Tests.Support;

namespace Hanzo.System.Tests;

/// <summary>hanzo-drill run quick: every promise of the quick drills is held.</summary>
[Collection(Lanes.Alone)]
public sealed class QuickDrillTests : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private readonly DrillStand _stand = new();

    public void Dispose() => _stand.Dispose();

    [Fact]
    public async Task The_quick_drills_pass()
    {
        await using var run = _stand.Drill("quick");

        Assert.True(await run.Exit(LongestRun) == 0, run.Output);

        foreach (var drill in new[] { "region-loss", "region-freeze", "geoip-swap", "config-fat-finger" })
            Assert.Equal("passed", _stand.Report(drill).GetProperty("outcome").GetString());
    }
}
