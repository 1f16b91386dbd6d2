using System.CommandLine;
using Hanzo.Drills.Reports;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary>The command line. Exit codes: 0 all went well, 1 something did not, 2 wrong usage or a drill given up.</summary>
internal static class DrillCommand
{
    private const int WrongUsage = 2;
    private const int DefaultPort = 8080;

    public static async Task<int> Run(string[] args, TimeProvider time)
    {
        var root = new RootCommand("Starts Hanzo.Edge worlds on this machine, breaks them and says which promises held.") { Up(time), Run(time), Compare(), CheckHistoryCommand.Create(), RecordHistoryCommand.Create(time), PracticeCommand.Create(time), TortureCommand.Create(time), TortureCommand.CreateLyingSync() };
        var parsed = root.Parse(args);
        // Signals are handled by the command itself, which has processes to stop.
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? WrongUsage : exitCode;
    }

    private static Command Up(TimeProvider time)
    {
        const int LastBase = 65535 - WorldPlan.PortCount + 1;
        var portBase = new Option<int?>("--port-base")
        {
            Description = "Move every port: edge N, admin N+1, nodes N+2 to N+4. Without it: edge 8080, admin 8081, nodes 7101 to 7103",
            HelpName = "N",
        };
        portBase.Validators.Add(result =>
        {
            if (int.TryParse(result.Tokens.SingleOrDefault()?.Value, out var n) && n is < 1 or > LastBase)
                result.AddError($"--port-base: expected a port from 1 to {LastBase}.");
        });
        var world = new Option<string?>("--world") { Description = "The world to start, such as config/worlds/three-regions.yaml; its ports begin at --port-base, 8080 without it. Without this the demo", HelpName = "FILE" };
        var once = new Option<bool>("--once") { Description = "Run the printed commands, check their answers, stop everything and exit 0 or 1" };
        var programs = new Option<string?>("--programs") { Description = "Start the published programs in this directory instead of building them", HelpName = "DIR" };
        var runs = new Option<string?>("--runs") { Description = "Keep the output of the processes under this directory (default: the repository, or where you are)", HelpName = "DIR" };
        var command = new Command("up", "Start regions and edges, and print what to try") { world, portBase, once, programs, runs };
        command.SetAction((parsed, _) =>
        {
            var declared = parsed.GetValue(world) is { } path ? WorldFile.Read(path) : null;
            if (declared is { Value: null })
                return Tell(declared.Problems);
            return new UpCommand(Checklist.For(Console.Out, time), time)
            {
                Plan = declared is null ? WorldPlan.At(parsed.GetValue(portBase)) : WorldPlan.Of(declared.Value, parsed.GetValue(portBase) ?? DefaultPort),
                Declared = declared?.Value,
                Once = parsed.GetValue(once),
                PublishedPrograms = parsed.GetValue(programs),
                RunsUnder = parsed.GetValue(runs),
            }.Run();
        });
        return command;
    }

    private static Command Run(TimeProvider time)
    {
        var drill = new Argument<string>("drill") { Description = "A file, the name of one in config/drills, 'all' of them, or the 'quick' ones" };
        var world = new Option<string?>("--world") { Description = "Another world than the drill names", HelpName = "FILE" };
        var seed = new Option<int?>("--seed") { Description = "Repeats the arrivals and fault times of a run that had this seed", HelpName = "N" };
        var portBase = new Option<int?>("--port-base") { Description = "The first of the ports; free ones without it", HelpName = "N" };
        var programs = new Option<string?>("--programs") { Description = "Use the published programs in this directory instead of building them", HelpName = "DIR" };
        var runs = new Option<string?>("--runs") { Description = "Keep reports and output under this directory (default: the repository, or where you are)", HelpName = "DIR" };
        var certificate = new Option<string?>("--certificate") { Description = "When every drill passed, write certificate.json and hanzo-drill.prom (for a Prometheus textfile collector) into this directory", HelpName = "DIR" };
        var command = new Command("run", "Run drills; exit 0 when every promise held, 1 when one was broken, 2 when a drill was given up") { drill, world, seed, portBase, programs, runs, certificate };
        command.SetAction((parsed, _) =>
        {
            var (drills, problems) = DrillShelf.Find(parsed.GetValue(drill)!, parsed.GetValue(world), parsed.GetValue(programs));
            if (problems.Count > 0)
                return Tell(problems);
            return new RunCommand(Checklist.For(Console.Out, time), time)
            {
                Drills = drills,
                Seed = parsed.GetValue(seed) ?? (int)(time.GetUtcNow().ToUnixTimeSeconds() % 100_000),
                PortBase = parsed.GetValue(portBase),
                PublishedPrograms = parsed.GetValue(programs),
                RunsUnder = parsed.GetValue(runs),
                OtherWorld = parsed.GetValue(world),
                CertificateUnder = parsed.GetValue(certificate),
            }.Run();
        });
        return command;
    }

    private static Command Compare()
    {
        var before = new Argument<string>("before") { Description = "A run directory, or its report.json" };
        var after = new Argument<string>("after") { Description = "Another one" };
        var command = new Command("compare", "Show what changed between two runs; exit 1 when the second broke a promise that the first kept") { before, after };
        command.SetAction(async (parsed, _) =>
        {
            var paths = new[] { parsed.GetValue(before)!, parsed.GetValue(after)! };
            if (Array.Find(paths, path => ReportFiles.Read(path) is null) is { } unreadable)
                return await Tell([$"{unreadable}: there is no report of this version"]);
            var comparison = Comparison.Of(ReportFiles.Read(paths[0])!, ReportFiles.Read(paths[1])!);
            foreach (var line in comparison.Lines)
                await Console.Out.WriteLineAsync(line);
            return comparison.Worse ? 1 : 0;
        });
        return command;
    }

    private static async Task<int> Tell(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(problem);
        return WrongUsage;
    }
}
