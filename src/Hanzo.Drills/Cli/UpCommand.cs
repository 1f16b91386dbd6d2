using Hanzo.Drills.Checkers;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill up</c>: a world on this machine, until it is told to stop.</summary>
internal sealed class UpCommand(Checklist checklist, TimeProvider time)
{
    /// <summary>How long everything may take to become ready, the build apart.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);

    private readonly Keeper _keeper = new();

    public required WorldPlan Plan { get; init; }

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
        if (!await checklist.Do("ports are free", _ => Task.FromResult(WhyPortsAreTaken())))
            return false;

        var root = SourceTree.FindRoot(Environment.CurrentDirectory, AppContext.BaseDirectory);
        var run = RunDirectory.Create(RunsUnder ?? root ?? Environment.CurrentDirectory, time);
        checklist.Say($"     the output of every process goes to {run.Path}");
        if (await Prepare(root, run, stop.Token) is not { } programs)
            return false;

        await using var world = await World.Start(Plan, programs, run, _keeper, time);
        stop.OnSecond(() =>
        {
            foreach (var child in world.Children)
                child.Kill();
        });
        if (!await checklist.Do("three nodes and the edge are ready", progress => world.BecomeReady(ReadyWithin, ready => progress(string.Join(", ", ready)), stop.Token)))
            return false;

        var walk = Walk.In(Plan, programs);
        var well = Once ? await RunWalk(walk, world, stop.Token) : await Stay(walk, world, stop.Token);
        checklist.Say("Stopping.");
        return well;
    }

    private string? WhyPortsAreTaken() =>
        FreePorts.Taken(Plan) is { Count: > 0 } taken
            ? $"{string.Join('\n', taken)}\nStop what has it, or move all ports with --port-base N."
            : null;

    private async Task<Programs?> Prepare(string? root, RunDirectory run, CancellationToken cancellation)
    {
        if (PublishedPrograms is not null)
        {
            var published = Programs.Published(PublishedPrograms);
            return await checklist.Do("published programs are there", _ => Task.FromResult(WhyMissing(published))) ? published : null;
        }
        if (root is null)
        {
            checklist.Say("hanzo-drill: there is no Hanzo.Edge.sln here or above; run it inside a clone, or name published programs with --programs DIR.");
            return null;
        }
        var source = new SourceTree(root, _keeper);
        return await checklist.Do("built hanzo-edge", _ => source.Build("Hanzo.Edge", run, cancellation))
            && await checklist.Do("built hanzo-node", _ => source.Build("Hanzo.Commerce.Node", run, cancellation))
                ? source.Programs
                : null;
    }

    private static string? WhyMissing(Programs programs) =>
        programs.Missing.ToList() is { Count: > 0 } missing ? $"missing: {string.Join(", ", missing)}" : null;

    private async Task<bool> RunWalk(IReadOnlyList<WalkStep> walk, World world, CancellationToken cancellation)
    {
        var well = true;
        foreach (var step in walk)
        {
            checklist.Say($"     $ {step.Command}");
            well &= await checklist.Do(step.Title, async _ => await StepResult.Of(step, time, cancellation) is { Passed: false } failed ? failed.Failure() : null);
        }
        foreach (var dead in world.Children.Where(child => child.HasExited))
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
            checklist.Say($"{step.Title}:\n  $ {step.Command}\n  expect: {string.Join(", ", step.Expected)}\n");
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
