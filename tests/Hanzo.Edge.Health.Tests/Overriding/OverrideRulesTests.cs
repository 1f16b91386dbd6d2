using System.Collections.Immutable;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Overriding;

public sealed class OverrideRulesTests
{
    private static readonly DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly HealthSnapshot allUp = HealthSnapshot.AllUp(Some.Topology("eu-west: a", "eu-north: b", "us: c"));

    [Fact]
    public void An_order_holds_for_every_region_its_glob_names_until_its_time_is_over()
    {
        var decision = new OverrideRules().Decide(Drain("eu-*") with { Anyway = true }, [], allUp, now);

        Assert.Null(decision.Refusal);
        Assert.Equal(["eu-north", "eu-west"], decision.Active.Select(one => one.Region));
        Assert.All(decision.Active, one => Assert.Equal((RegionOverride.Drained, "maintenance", "ann", now, now.AddHours(1)), (one.Kind, one.Reason, one.By, one.Since, one.Until)));
    }

    [Theory]
    [InlineData("asia", "maintenance", 1, "region:")]
    [InlineData("EU-west", "maintenance", 1, "region:")]
    [InlineData("us", " ", 1, "reason:")]
    [InlineData("us", "maintenance", 0, "for:")]
    [InlineData("us", "maintenance", 72.01, "for:")]
    [InlineData("eu-*", "maintenance", 1, "one at a time: eu-north, eu-west")]
    public void A_refusal_names_its_rule(string regions, string reason, double hours, string rule)
    {
        var decision = new OverrideRules().Decide(new OverrideOrder(regions, RegionOverride.Drained, reason, "ann", TimeSpan.FromHours(hours)), [], allUp, now);

        Assert.StartsWith(rule, decision.Refusal, StringComparison.Ordinal);
        Assert.Empty(decision.Active);
    }

    [Fact]
    public void A_second_region_must_be_meant()
    {
        var first = new OverrideRules().Decide(Drain("us"), [], allUp, now).Active;

        Assert.StartsWith("one at a time", new OverrideRules().Decide(Drain("eu-west"), first, allUp, now).Refusal, StringComparison.Ordinal);
        Assert.Equal(2, new OverrideRules().Decide(Drain("eu-west") with { Anyway = true }, first, allUp, now).Active.Length);
    }

    [Fact]
    public void A_newer_override_of_a_region_replaces_the_older()
    {
        var first = new OverrideRules().Decide(Drain("us"), [], allUp, now).Active;

        var second = new OverrideRules().Decide(Drain("us") with { Kind = RegionOverride.ForcedDown }, first, allUp, now);

        Assert.Equal(RegionOverride.ForcedDown, Assert.Single(second.Active).Kind);
    }

    [Theory]
    [InlineData(RegionOverride.Drained)]
    [InlineData(RegionOverride.ForcedDown)]
    public void The_last_regions_that_serve_a_class_are_not_taken_out_even_if_meant(RegionOverride kind)
    {
        var rules = new OverrideRules { MinServing = 1 };
        var one = allUp.Regions[0] with { Serves = StateClasses.Read };
        var oneConsensus = new HealthSnapshot(1, allUp.Topology, [one, one, allUp.Regions[2]]);

        Assert.StartsWith("min serving: 0 regions would be left for local-write", rules.Decide(Drain("us") with { Kind = kind, Anyway = true }, [], oneConsensus, now).Refusal, StringComparison.Ordinal);
        Assert.Null(rules.Decide(Drain("eu-west") with { Kind = kind }, [], oneConsensus, now).Refusal);
        Assert.StartsWith("min serving: 0", rules.Decide(Drain("*") with { Kind = kind, Anyway = true }, [], allUp, now).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_makes_a_shortage_no_worse_is_not_refused_for_it()
    {
        var down = new RegionHealth(HealthState.Down, StateClasses.None, [new(HealthState.Down, StateClasses.None)]);
        var onlyUs = new HealthSnapshot(1, allUp.Topology, [down, down, allUp.Regions[2]]);

        Assert.Null(new OverrideRules { MinServing = 2 }.Decide(Drain("eu-west"), [], onlyUs, now).Refusal);
        Assert.Null(new OverrideRules { MinServing = 2 }.Decide(Drain("eu-west") with { Kind = RegionOverride.ForcedUp }, [], onlyUs, now).Refusal);
    }

    [Fact]
    public void Taking_back_needs_no_time_and_is_never_unsafe()
    {
        var active = new OverrideRules().Decide(Drain("eu-*") with { Anyway = true }, [], allUp, now).Active;

        var decision = new OverrideRules().Decide(new OverrideOrder("eu-w*", RegionOverride.None, "done", "ann", TimeSpan.Zero), active, allUp, now);

        Assert.Null(decision.Refusal);
        Assert.Equal("eu-north", Assert.Single(decision.Active).Region);
    }

    [Fact]
    public void A_region_forced_up_against_its_probes_is_taken_to_serve_everything()
    {
        var down = new RegionHealth(HealthState.Down, StateClasses.None, []);
        var active = new OverrideRules().Decide(Drain("us") with { Kind = RegionOverride.ForcedUp }, [], allUp, now).Active;

        Assert.Equal((true, StateClasses.All, HealthState.Down), Seen(OverrideRules.Apply(down, active, "us")));
        Assert.Equal((false, StateClasses.None, HealthState.Down), Seen(OverrideRules.Apply(down, active, "eu-west")));

        static (bool, StateClasses, HealthState) Seen(RegionHealth region) => (region.IsUp, region.Serves, region.Observed);
    }

    private static OverrideOrder Drain(string regions) => new(regions, RegionOverride.Drained, "maintenance", "ann", TimeSpan.FromHours(1));
}
