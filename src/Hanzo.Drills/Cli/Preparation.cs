using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary>What comes before a world starts: its ports are free, its output has a place, its programs are there.</summary>
/// <param name="root">The source tree, or null outside of one.</param>
internal sealed class Preparation(Checklist checklist, Keeper keeper, string? root, RunDirectory run)
{
    public RunDirectory Run => run;

    /// <summary>Null, and told, when a port is taken.</summary>
    /// <param name="runsUnder">Where run directories go; null is the source tree or the current directory.</param>
    public static async Task<Preparation?> Begin(Checklist checklist, Keeper keeper, WorldPlan plan, string? runsUnder, TimeProvider time)
    {
        if (!await checklist.Do("ports are free", _ => Task.FromResult(WhyPortsAreTaken(plan))))
            return null;
        var root = SourceTree.FindRoot(Environment.CurrentDirectory, AppContext.BaseDirectory);
        var run = RunDirectory.Create(runsUnder ?? root ?? Environment.CurrentDirectory, time);
        checklist.Say($"     the output of every process goes to {run.Path}");
        return new Preparation(checklist, keeper, root, run);
    }

    /// <summary>The programs, published or built now; null, and told, when there are none.</summary>
    public async Task<Programs?> Programs(string? publishedPrograms, CancellationToken cancellation)
    {
        if (publishedPrograms is not null)
        {
            var published = Worlds.Programs.Published(publishedPrograms);
            return await checklist.Do("published programs are there", _ => Task.FromResult(WhyMissing(published))) ? published : null;
        }
        if (root is null)
        {
            checklist.Say("hanzo-drill: there is no Hanzo.Edge.sln here or above; run it inside a clone, or name published programs with --programs DIR.");
            return null;
        }
        var source = new SourceTree(root, keeper);
        return await checklist.Do("built hanzo-edge", _ => source.Build("Hanzo.Edge", run, cancellation))
            && await checklist.Do("built hanzo-node", _ => source.Build("Hanzo.Commerce.Node", run, cancellation))
                ? source.Programs
                : null;
    }

    private static string? WhyPortsAreTaken(WorldPlan plan) =>
        FreePorts.Taken(plan) is { Count: > 0 } taken
            ? $"{string.Join('\n', taken)}\nStop what has it, or move all ports with --port-base N."
            : null;

    private static string? WhyMissing(Programs programs) =>
        programs.Missing.ToList() is { Count: > 0 } missing ? $"missing: {string.Join(", ", missing)}" : null;
}
