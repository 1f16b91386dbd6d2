using System.Globalization;
using System.Text.RegularExpressions;
using Hanzo.Drills.Checkers;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Checkers;

public sealed partial class WalkTests
{
    [Fact]
    public void The_walk_shows_a_client_of_every_region_on_the_ports_of_the_plan()
    {
        var walk = Walk.In(WorldPlan.At(9000), Programs.Published("."), WorldPlan.At(9000).Nodes.ToDictionary(node => node.Name, node => node.Port));
        foreach (var node in WorldPlan.At(9000).Nodes)
            Assert.Contains(walk, step => step.Command.Contains("http://127.0.0.1:9000/", StringComparison.Ordinal) && step.Expected.Contains($"Hanzo-Region: {node.Region}"));
        Assert.Equal(3, walk.Count(step => step.Command.StartsWith("dig +short @127.0.0.1 -p 9005 shop.edge.test", StringComparison.Ordinal)));
        Assert.Contains(walk, step => step.Command.Contains("http://127.0.0.1:9001/metrics", StringComparison.Ordinal));
        Assert.All(walk.Where(step => step.Ends is null), step => Assert.NotEmpty(step.Expected));
        Assert.Contains(walk, step => step.Ends == "eu-west-1" && step.Command == "kill -9 9003");
    }

    [Fact]
    public void The_readme_shows_the_walk_as_it_is_run()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.FindRoot(AppContext.BaseDirectory)!, "README.md"));
        var plan = WorldPlan.At(null);
        var pid = int.Parse(Node().Match(readme).Groups[1].Value, CultureInfo.InvariantCulture);

        var walk = Walk.In(plan, Programs.Published("."), plan.Nodes.ToDictionary(node => node.Name, _ => pid));

        var buying = walk.SkipWhile(step => !step.Command.Contains("/v1/inventory/", StringComparison.Ordinal)).Select(step => step.Command).ToList();
        Assert.Equal(6, buying.Count);
        Assert.All(buying, command => Assert.Contains($"\n$ {command}\n", readme, StringComparison.Ordinal));
        Assert.Equal(buying[1..3], buying[4..]);
    }

    [GeneratedRegex(@"\n  eu-west-1 +process ([0-9]+)\n")]
    private static partial Regex Node();
}
