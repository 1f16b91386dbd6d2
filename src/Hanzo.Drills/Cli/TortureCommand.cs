using System.Collections.Immutable;
using System.CommandLine;
using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Recording;
using Hanzo.Drills.Torture;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill torture</c>: three nodes that decide together are killed, frozen and cut off while clients shop, and what the clients saw is judged.</summary>
internal sealed class TortureCommand(Checklist checklist, TimeProvider time)
{
    private const int GivenUp = 2;
    private const string ApiKey = "development-torture";
    private const int FirstNetwork = 192;
    private const int Networks = 32;

    private static readonly string[] Sites = ["north", "west", "south"];
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(1);

    private readonly Keeper _keeper = new();

    public required int Seed { get; init; }

    public required TimeSpan Lasts { get; init; }

    /// <summary>1 to 64.</summary>
    public required int Clients { get; init; }

    /// <summary>Whether power is cut, and what was not synced is gone.</summary>
    public bool Power { get; init; }

    /// <summary>Whether syncs do nothing: acknowledged commands must be seen to be lost then.</summary>
    public bool Lying { get; init; }

    public string? PublishedPrograms { get; init; }

    public string? RunsUnder { get; init; }

    public static Command Create(TimeProvider time)
    {
        var lasts = RecordHistoryCommand.LastsOption(TimeSpan.FromSeconds(60));
        var clients = RecordHistoryCommand.ClientsOption();
        var seed = new Option<int?>("--seed") { Description = "Repeats the troubles of a run that had this seed, and what its clients asked for", HelpName = "N" };
        var power = new Option<bool>("--power") { Description = "Cut the power of most nodes or all: what they had not synced is gone. Needs root" };
        var lying = new Option<bool>("--lying-syncs") { Description = "Let no sync of the nodes' logs do anything; with --power acknowledged commands must be lost, and this must fail" };
        var programs = new Option<string?>("--programs") { Description = "Use the published programs in this directory instead of building them", HelpName = "DIR" };
        var runs = new Option<string?>("--runs") { Description = "Keep the history and output under this directory (default: the repository, or where you are)", HelpName = "DIR" };
        var command = new Command("torture", "Kill, freeze and cut off three nodes while clients shop, kill all of them, and judge what the clients saw; exit 0 when every answer is explained and nothing is lost") { lasts, clients, seed, power, lying, programs, runs };
        command.SetAction((parsed, _) => new TortureCommand(Checklist.For(Console.Out, time), time)
        {
            Seed = parsed.GetValue(seed) ?? (int)(time.GetUtcNow().ToUnixTimeSeconds() % 100_000),
            Lasts = parsed.GetValue(lasts),
            Clients = parsed.GetValue(clients),
            Power = parsed.GetValue(power),
            Lying = parsed.GetValue(lying),
            PublishedPrograms = parsed.GetValue(programs),
            RunsUnder = parsed.GetValue(runs),
        }.Run());
        return command;
    }

    /// <summary><c>hanzo-drill lying-sync PROGRAM ...</c>: how torture starts nodes with <c>--lying-syncs</c>.</summary>
    public static Command CreateLyingSync()
    {
        var whole = new Argument<string[]>("command") { Description = "The program and its arguments", Arity = ArgumentArity.OneOrMore };
        var command = new Command("lying-sync", "Become a program whose syncs to disk do nothing") { whole };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed => LyingSync.Become(parsed.GetValue(whole)![0], [.. parsed.GetValue(whole)!.Skip(1), .. parsed.UnmatchedTokens]));
        return command;
    }

    /// <returns>0 when every answer is explained and nothing is lost, 1 when not, 2 when that could not be decided.</returns>
    public async Task<int> Run()
    {
        using var stop = new StopRequest(time);
        checklist.Say($"seed {Seed}; repeat with: hanzo-drill torture --seed {Seed} --for {Lasts.TotalSeconds:0}s --clients {Clients}{(Power ? " --power" : "")}{(Lying ? " --lying-syncs" : "")}");
        if (Power && PowerDisk.WhyNot() is { } why)
        {
            checklist.Say($"FAIL {why}");
            return GivenUp;
        }
        try
        {
            return await Run(stop);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            checklist.Say("Stopped.");
            return GivenUp;
        }
    }

    private async Task<int> Run(StopRequest stop)
    {
        var file = new WorldFile([.. Sites.Select(site => new DeclaredRegion(site, 0, 0, 1))], [], [], Wan: WanPlan.WhyNot() is null);
        if (WanPlan.WhyNot() is { } why)
            checklist.Say($"note: {why}; so nobody is cut off");
        var wanPlan = file.Wan ? WanPlan.Of(file, (byte)(FirstNetwork + Environment.ProcessId % Networks)) : null;
        var plan = wanPlan is not null ? WorldPlan.Of(file, wanPlan) : FreePorts.Find(at => WorldPlan.Of(file, at));
        if (await Preparation.Begin(checklist, _keeper, plan, RunsUnder, time) is not { } preparation || await preparation.Programs(PublishedPrograms, stop.Token) is not { } programs)
            return GivenUp;

        var run = preparation.Run;
        var disks = Power ? plan.Nodes.Select(node => new PowerDisk(node.Name, run.StateOf(node.Name), run, _keeper, time)).ToImmutableArray() : [];
        foreach (var disk in disks)
            await disk.Make();
        await using var wan = wanPlan is null ? null : await WideAreaNetwork.Build(wanPlan, run, _keeper, Seed, time);
        await using var world = await World.Start(plan, programs, run, _keeper, time, wan: wan,
            nodesThrough: node => [.. disks.IsEmpty ? [] : disks[plan.Nodes.IndexOf(node)].Through, .. Lying ? [Environment.ProcessPath!, "lying-sync", "--"] : Array.Empty<string>()],
            nodeOptions: ["--development-key", ApiKey, "--fake-gateway", "--rate-limit", "1000000", "--announce", "0"]);
        stop.OnSecond(() =>
        {
            foreach (var child in world.Children)
                child.Kill();
        });
        if (!await checklist.Do("three nodes are ready", progress => world.BecomeReady(ReadyWithin, ready => progress(string.Join(", ", ready)), stop.Token)))
            return GivenUp;
        return await Torment(plan, run, world, wan, disks, stop.Token);
    }

    private async Task<int> Torment(WorldPlan plan, RunDirectory run, World world, WideAreaNetwork? wan, ImmutableArray<PowerDisk> disks, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var tormentor = new Tormentor(world, wan, disks, client, text => checklist.Say($"     {text}"), time);
        List<TroubleKind> kinds = [TroubleKind.Kill, TroubleKind.Freeze, TroubleKind.Restart];
        kinds.AddRange(wan is null ? [] : [TroubleKind.Cut, TroubleKind.Mute, TroubleKind.Lossy]);
        var troubles = Trouble.Draw(new Random(Seed), Lasts, Power ? [TroubleKind.PowerCut] : kinds, plan.Nodes.Length);
        ImmutableArray<string> nodes = [.. plan.Nodes.Select(node => node.Url)];
        if (await CartFilling.Make(nodes, Lasts, client, time, cancellation) is not { } carts)
        {
            checklist.Say("FAIL the nodes do not come to know new carts");
            return 1;
        }
        var history = new HistoryRun(nodes, ApiKey, Seed, time);
        IReadOnlyCollection<HistoryLine> lines = [];
        var lived = await checklist.Do($"{Clients} clients shopped for {Lasts.TotalSeconds:0} s, {troubles.Length} troubles", async _ =>
        {
            try
            {
                lines = await history.Record(Clients, Lasts, meanwhile: () => Task.WhenAll(tormentor.Bring(troubles, cancellation), carts.Fill(Lasts, cancellation)), beforeTheEnd: async () =>
                {
                    if (await tormentor.KillAll(cancellation) is { } failure)
                        throw new InvalidOperationException(failure);
                }).WaitAsync(cancellation);
                return null;
            }
            catch (InvalidOperationException dead)
            {
                return dead.Message;
            }
        });
        if (!lived)
            return 1;
        var file = Path.Combine(run.Path, "history.ndjson");
        await File.WriteAllLinesAsync(file, lines.Select(line => line.ToJson()), CancellationToken.None);
        checklist.Say($"     what they saw is in {file}");
        var hold = await checklist.Do($"carts hold the {carts.Acknowledged} units that were acknowledged, in every region", _ => carts.WhyNot(cancellation));
        var judged = await CheckHistoryCommand.Run(file, Console.Out, Console.Error);
        return hold ? judged : 1;
    }
}
