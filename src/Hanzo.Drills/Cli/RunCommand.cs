using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using Hanzo.Drills.Reports;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill run</c>: builds a world, breaks it while customers shop in it, and says which promises held.</summary>
internal sealed class RunCommand(Checklist checklist, TimeProvider time)
{
    public const int Aborted = 2;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(1);

    private const int FirstNetwork = 64;
    private const int Networks = 128;

    private readonly Keeper _keeper = new();
    private readonly List<DrillReport> _reports = [];
    private Programs? _programs;

    /// <summary>One after another, each in a world of its own.</summary>
    public required ImmutableArray<DrillFile> Drills { get; init; }

    public required int Seed { get; init; }

    /// <summary>The first port; null takes free ones.</summary>
    public int? PortBase { get; init; }

    /// <summary>A directory with published programs; null builds them from source.</summary>
    public string? PublishedPrograms { get; init; }

    /// <summary>Where run directories go; null is the source tree or the current directory.</summary>
    public string? RunsUnder { get; init; }

    /// <summary>Where the certificate goes when every drill passed; null writes none.</summary>
    public string? CertificateUnder { get; init; }

    /// <summary>The other world that was asked for, to be said in the command that repeats a drill.</summary>
    public string? OtherWorld { get; init; }

    /// <returns>0 when every promise held, 1 when one was broken, 2 when a drill was given up.</returns>
    public async Task<int> Run()
    {
        using var stop = new StopRequest(time);
        var worst = 0;
        foreach (var drill in Drills)
        {
            try
            {
                worst = Math.Max(worst, await Run(drill, stop));
            }
            catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
            {
                checklist.Say("Stopped.");
                return Aborted;
            }
            if (stop.Token.IsCancellationRequested)
                return Aborted;
        }
        if (CertificateUnder is { } directory && _reports.Count == Drills.Length && Certificate.Of(_reports, time.GetUtcNow()) is { } certificate)
        {
            ReportFiles.Write(certificate, directory);
            checklist.Say($"\nall {_reports.Count} passed; the certificate is in {directory}");
        }
        return worst;
    }

    private async Task<int> Run(DrillFile drill, StopRequest stop)
    {
        checklist.Say($"\n{drill.Name}: {drill.Hypothesis}");
        if (drill.World.Wan && !drill.Steps.Any(step => step.Fault.NeedsWan) && WanPlan.WhyNot() is { } without)
        {
            checklist.Say($"note: {without}; nothing in this drill needs a WAN, so it runs without one");
            drill = drill with { World = drill.World with { Wan = false } };
        }
        if (WhyNot(drill) is { } why)
        {
            checklist.Say($"FAIL {why}");
            return Aborted;
        }
        var linked = drill.Steps.SelectMany(step => step.Fault.LinkedRegions).Distinct().ToList();
        var wanPlan = drill.World.Wan ? PlanWan(drill) : null;
        if (drill.World.Wan && wanPlan is null)
            return Aborted;
        var plan = wanPlan is not null ? WorldPlan.Of(drill.World, wanPlan) : PortBase is { } first ? WorldPlan.Of(drill.World, first, linked) : FreePorts.Find(at => WorldPlan.Of(drill.World, at, linked));
        if (await Preparation.Begin(checklist, _keeper, plan, RunsUnder, time) is not { } preparation)
            return Aborted;
        _programs ??= await preparation.Programs(PublishedPrograms, stop.Token);
        if (_programs is not { } programs)
            return Aborted;

        var started = time.GetUtcNow();
        await using var stage = await Stage.Build(drill, plan, programs, preparation.Run, _keeper, Seed + 2, wanPlan, time);
        stop.OnSecond(() =>
        {
            foreach (var child in stage.World.Children)
                child.Kill();
        });
        if (!await checklist.Do("the world is ready", progress => stage.World.BecomeReady(ReadyWithin, ready => progress(string.Join(", ", ready)), stop.Token)))
            return Aborted;

        var configuration = stage.Scene.Configurations.ToImmutableSortedDictionary(edge => edge.Key, edge => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(edge.Value))));
        var run = new DrillRun(drill, Seed, stage, time);
        DrillRecord? record = null;
        await checklist.Do($"customers came for {drill.Duration.TotalSeconds:0} s", async progress =>
        {
            record = await run.Run(progress, stop.Token);
            return run.AbortedBecause is { } why ? $"given up: {why}" : null;
        });
        var report = Reporting.Of(drill, record!, run.AbortedBecause, Seed, Repeating(drill), started, configuration, Version());
        _reports.Add(report);
        ReportFiles.Write(report, preparation.Run.Path);
        if (!record!.History.IsEmpty)
            await File.WriteAllLinesAsync(Path.Combine(preparation.Run.Path, "history.ndjson"), record.History.Select(line => line.ToJson()));
        checklist.Say(Summary.Of(report, preparation.Run.Path));
        return report.Outcome switch { DrillOutcome.Passed => 0, DrillOutcome.Failed => 1, _ => Aborted };
    }

    /// <summary>What this machine lacks for the faults of a drill; null where it has all.</summary>
    private static string? WhyNot(DrillFile drill) =>
        drill.Steps.Select(step => step.Fault).Select(fault => fault.WhyNot
            ?? (fault.ClockTargets.Any() ? FalseClock.WhyNot() : null)
            ?? (fault.DiskTargets.Any() ? SmallDisk.WhyNot() : null)).FirstOrDefault(why => why is not null);

    /// <summary>The WAN of a drill; null, and told, when this machine cannot have one.</summary>
    private WanPlan? PlanWan(DrillFile drill)
    {
        if (WanPlan.WhyNot() is { } why)
        {
            checklist.Say($"FAIL {why}");
            return null;
        }
        // Worlds of two drills at once have networks of their own.
        return WanPlan.Of(drill.World, (byte)(FirstNetwork + Environment.ProcessId % Networks));
    }

    private string Repeating(DrillFile drill) => $"hanzo-drill run {drill.Name} --seed {Seed}{(OtherWorld is null ? "" : $" --world {OtherWorld}")}";

    private static string Version() => typeof(RunCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
