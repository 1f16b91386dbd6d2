using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Declarations;
using Hanzo.Drills.Faults;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Runs;

/// <summary>A drill as a file declares it.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Hypothesis">What is believed, in a sentence.</param>
/// <param name="World">Where it happens, with the settings that the drill changes.</param>
/// <param name="Duration">How long customers come.</param>
/// <param name="Quick">Whether it belongs to the quick ones, which the tests run.</param>
internal sealed record DrillFile(
    string Name, string Hypothesis, WorldFile World, TrafficPlan Traffic, TimeSpan Duration,
    ImmutableArray<Step> Steps, ImmutableArray<Promise> Promises, AbortRule? Abort, bool Quick)
{
    /// <summary>Reads a drill and its world.</summary>
    /// <param name="world">Another world than the drill names, or null.</param>
    public static Declared<DrillFile> Read(string path, string? world = null)
    {
        if (world is not null && WorldFile.Read(world) is { Value: null } unreadable)
            return new Declared<DrillFile>(null, unreadable.Problems);
        return Declared<DrillFile>.FromFile(path, item => Read(item, path, world));
    }

    private static DrillFile Read(Item item, string path, string? otherWorld)
    {
        var keys = item.Keys();
        keys.Required("version")?.Choice("1");
        var hypothesis = keys.Required("hypothesis")?.Text() ?? "";
        var world = ReadWorld(keys.Required("world"), path, otherWorld);
        if (keys.Optional("settings") is { } settings)
            world = settings.Node is YamlMappingNode changes ? world.With(changes) : world;
        if (keys.Optional("apart")?.Flag() == true)
            world = world with { Apart = true };
        var duration = keys.Required("duration")?.Duration() ?? TimeSpan.FromSeconds(1);
        var traffic = keys.Required("traffic") is { } plan ? TrafficPlan.Read(plan) : null;
        var faults = new FaultReader(world);
        var steps = keys.Optional("steps")?.List(step =>
        {
            var read = Step.Read(step, faults);
            if (read.At.To >= duration)
                step.Wrong($"it begins when the drill, {duration.TotalSeconds:0.#} s long, has ended");
            return read;
        }) ?? [];
        if (!world.Wan && steps.Any(step => step.Fault.NeedsWan))
            item.Wrong("a step needs a world with 'wan: true'");
        if (!world.ByName && steps.Any(step => step.Fault.NeedsNames))
            item.Wrong("names and move need a world with 'byName: true'");
        if (world.Wan && steps.Any(step => step.Fault.LinkedRegions.Any()))
            item.Wrong("refuse, swallow, slow, error and flap need a world without a WAN");
        var promises = keys.Required("promises")?.List(PromiseReader.Read) ?? [];
        var abort = keys.Optional("abort") is { } rule ? AbortRule.Read(rule) : null;
        var quick = keys.Optional("quick")?.Flag() ?? false;
        keys.End();
        return new DrillFile(Path.GetFileNameWithoutExtension(path), hypothesis, world, traffic ?? new TrafficPlan(1, [], []), duration, steps, promises, abort, quick);
    }

    private static WorldFile ReadWorld(Item? item, string path, string? other)
    {
        var none = new WorldFile([], [], []);
        var file = other ?? (item is null ? null : Path.Combine(Path.GetDirectoryName(path)!, item.Text()));
        if (file is null)
            return none;
        var declared = WorldFile.Read(file);
        foreach (var problem in declared.Problems)
            item?.Wrong($"the world cannot be read: {problem}");
        return declared.Value ?? none;
    }

    /// <summary>The steps with the times that <paramref name="random"/> chooses.</summary>
    public ImmutableArray<TimedStep> Timed(Random random) =>
        [.. Steps.Select(step => (step, At: step.At.Choose(random))).Select(chosen => new TimedStep(
            chosen.At, chosen.step.For is { } range ? chosen.At + range.Choose(random) : null, chosen.step.Fault))];
}
