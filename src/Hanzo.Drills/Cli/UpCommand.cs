using Hanzo.Drills.Checkers;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill up</c>: a world on this machine, until it is told to stop.</summary>
internal sealed class UpCommand(Checklist checklist, TimeProvider time)
{
    /// <summary>How long everything may take to become ready, the build apart.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(1);

    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];

    private readonly Keeper _keeper = new();

    public required WorldPlan Plan { get; init; }

    /// <summary>The world that a file declares; null is the demo.</summary>
    public WorldFile? Declared { get; init; }

    /// <summary>Whether to run the printed commands and stop, instead of waiting.</summary>
    public bool Once { get; init; }

    /// <summary>A directory with published programs; null builds them from source.</summary>
    public string? PublishedPrograms { get; init; }

    /// <summary>Where run directories go; null is the source tree or the current directory.</summary>
    public string? RunsUnder { get; init; }

    public async Task<int> Run()
    {
        using var stop = new StopRequest(time);
        try
        {
            return await Run(stop) ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Asked to stop: a world that was to stay until then did what it should; one that was to be checked did not.
            return Once ? 1 : 0;
        }
    }

    private async Task<bool> Run(StopRequest stop)
    {
        if (await Preparation.Begin(checklist, _keeper, Plan, RunsUnder, time) is not { } preparation
            || await preparation.Programs(PublishedPrograms, stop.Token) is not { } programs)
            return false;

        var configurations = Declared is null ? null : EdgeConfigurationText.Write(Declared, Plan, preparation.Run, programs.Database);
        await using var world = await World.Start(Plan, programs, preparation.Run, _keeper, time, configurations, nodeOptions: ["--development-key", Walk.DevelopmentKey, "--fake-gateway"]);
        stop.OnSecond(() =>
        {
            foreach (var child in world.Children)
                child.Kill();
        });
        if (!await checklist.Do($"{Count(Plan.Nodes.Length, "node")} and {(Plan.Edges.Length == 1 ? "the edge" : Count(Plan.Edges.Length, "edge"))} are ready", progress => world.BecomeReady(ReadyWithin, ready => progress(string.Join(", ", ready)), stop.Token)))
            return false;

        var walk = Declared is null ? Walk.In(Plan, programs, world.Nodes.ToDictionary(node => node.Name, node => node.Child.Pid)) : Walk.In(Plan, programs, Declared.Regions);
        var well = Once ? await RunWalk(walk, world, stop.Token) : await Stay(walk, world, stop.Token);
        checklist.Say("Stopping.");
        return well;
    }

    private static string Count(int number, string what) => $"{Numbers.ElementAtOrDefault(number) ?? $"{number}"} {what}s";

    private async Task<bool> RunWalk(IReadOnlyList<WalkStep> walk, World world, CancellationToken cancellation)
    {
        var well = true;
        foreach (var step in walk)
        {
            checklist.Say($"     $ {step.Command}");
            well &= await checklist.Do(step.Title, async _ => await StepResult.Of(step, time, cancellation) is { Passed: false } failed ? failed.Failure() : null);
        }
        foreach (var dead in world.Children.Where(child => child.HasExited && walk.All(step => step.Ends != child.Name)))
        {
            checklist.Say(dead.Epitaph());
            well = false;
        }
        return well;
    }

    /// <summary>Prints what to try and waits to be told to stop. A death is reported and outlived: to end a region is one of the things to try.</summary>
    private async Task<bool> Stay(IReadOnlyList<WalkStep> walk, World world, CancellationToken cancellation)
    {
        checklist.Say("");
        foreach (var step in walk)
            checklist.Say($"{step.Title}:\n  $ {step.Command}\n{(step.Expected.IsEmpty ? "" : $"  expect: {string.Join(", ", step.Expected)}\n")}");
        foreach (var child in world.Children)
            checklist.Say($"  {child.Name,-16} process {child.Pid}");
        checklist.Say("\nCtrl-C stops everything.");

        var dead = new List<Child>();
        while (dead.Count < world.Children.Count)
        {
            try
            {
                dead.Add(await world.NextDeath(dead, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return true;
            }
            checklist.Say(dead[^1].Epitaph());
        }
        checklist.Say("Nothing is left running.");
        return false;
    }
}
