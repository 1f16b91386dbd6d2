using System.Collections.Immutable;
using System.Net;
using Hanzo.Drills.Checkers;
using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Faults;
using Hanzo.Drills.Recording;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Runs;

/// <summary>One drill in a world that is ready: customers come, things break, and all of it is recorded.</summary>
internal sealed class DrillRun(DrillFile drill, int seed, Stage stage, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The edge tells a failover 5 s after it, since requests under way still end; it is waited for this long.</summary>
    private static readonly TimeSpan TellingWithin = TimeSpan.FromSeconds(6);

    /// <summary>How long regions are waited for to say the same.</summary>
    private static readonly TimeSpan ConvergedWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long edges may take to see again a region that was too slow for those who came first.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long customers come before those who count.</summary>
    private static readonly TimeSpan WarmUpLasts = TimeSpan.FromSeconds(2);

    private readonly List<FaultSpan> _faults = [];
    private string? _abortedBecause;

    /// <summary>Why it was given up, or null.</summary>
    public string? AbortedBecause => _abortedBecause;

    /// <summary>Runs it to its end, or until an abort rule or the caller stops it.</summary>
    /// <param name="progress">Told how far it is.</param>
    public async Task<DrillRecord> Run(Action<string> progress, CancellationToken cancellation)
    {
        var steps = drill.Timed(new Random(seed));
        var arrivals = Arrival.Draw(drill.Traffic, drill.Duration, at => LoadAt(steps, at), new Random(seed + 1), [.. steps.Where(step => step.Fault.Herd > 0).Select(step => (step.At, step.Fault.Herd))]);
        var nearest = new NearestRegion(drill.World.Regions);
        var fills = arrivals.Count(arrival => arrival.Action == ShopAction.Fill);
        var carts = fills == 0 ? null : await Carts.Make([.. stage.World.Plan.Nodes.Select(node => node.Url)], fills, stage.Scene.Client, time, cancellation);
        if (fills > 0 && carts is null)
            _abortedBecause = "the nodes do not come to know new carts";
        var shop = new Shop([.. stage.World.Plan.Nodes.Select(node => node.Url)], drill.World.Apart, stage.Scene.Client, time);
        if (arrivals.Any(arrival => arrival.Action.NeedsShop))
            _abortedBecause ??= await shop.Fill(cancellation);
        var resolver = stage.World.Plan.Edges.Any(edge => edge.DnsPort is not null) ? NewResolver() : null;
        using var crowd = new Crowd(resolver is null ? (arrival, _, _) => ValueTask.FromResult(Known(nearest, arrival.Customer)) : (arrival, began, ended) => Found(resolver, arrival, began, ended), time, carts, new Errands(shop, time));
        var metrics = new MetricsWatch(stage.World.Plan.Edges, stage.Scene.Client, time);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var watching = new CancellationTokenSource();

        TimeSpan? converged = null;
        ImmutableArray<HistoryLine> lines = [];
        var stocked = new TaskCompletionSource();
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var recording = Record(stocked, begun.Task);
        await Task.WhenAny(stocked.Task, recording).WaitAsync(cancellation);
        await WarmUp(nearest, cancellation);
        var started = time.GetTimestamp();
        var watch = metrics.Watch(started, watching.Token);
        var faults = Task.WhenAll(steps.Select(step => Happen(step, started, stopping)));
        begun.SetResult(faults);
        var customers = crowd.Come(arrivals, started, stopping.Token);
        var guard = Guard(crowd, customers, started, stopping, progress);
        try
        {
            await Task.WhenAll(customers, faults);
            var history = await recording.WaitAsync(stopping.Token);
            lines = [.. history];
            if (carts is not null)
                converged = await carts.Converge(ConvergedWithin, stopping.Token);
            if (_faults.Count > 0)
                await Until(_faults.Max(fault => fault.End ?? fault.Begin) + TellingWithin, started, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _abortedBecause ??= "it was told to stop";
        }
        await guard;
        await watching.CancelAsync();
        await watch;
        await metrics.Read(started, CancellationToken.None);
        return new DrillRecord(
            drill.World, drill.Duration, [.. crowd.Samples.OrderBy(sample => sample.Arrival.Number)],
            [.. _faults.OrderBy(fault => fault.Begin)], metrics.Readings)
        {
            Lookups = [.. resolver?.Lookups ?? []],
            EdgeAddresses = stage.World.Plan.Edges.ToImmutableDictionary(edge => edge.Name, edge => edge.Address),
            Carts = carts is null ? [] : await carts.Count(crowd.Samples.Where(sample => sample.Arrival.Action == ShopAction.Fill).Select(sample => (sample.Arrival.Number, sample.Well)), CancellationToken.None),
            CartsConverged = converged,
            History = lines,
            Shop = arrivals.Any(arrival => arrival.Action.NeedsShop) && !stopping.IsCancellationRequested ? await shop.Count(crowd.Samples, stage.Gateway.Charges, CancellationToken.None) : null,
        };
    }

    /// <summary>
    /// Readers come who are not counted: a drill breaks a shop that is at work, and its first requests compile the programs
    /// that serve them.
    /// </summary>
    private async Task WarmUp(NearestRegion nearest, CancellationToken cancellation)
    {
        using var early = new Crowd((arrival, _, _) => ValueTask.FromResult(Known(nearest, arrival.Customer)), time);
        var readers = drill.Traffic with { Mix = [.. ShopAction.All.Where(action => action.ByDefault).Select(action => (action, 1.0))] };
        try
        {
            await early.Come(Arrival.Draw(readers, WarmUpLasts, _ => 1, new Random(seed + 5)), time.GetTimestamp(), cancellation);
            if (await stage.World.BeSeen(SeenWithin, cancellation) is { } unseen)
                _abortedBecause ??= unseen;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Who is told to stop meanwhile stops where the customers come.
        }
    }

    /// <param name="stocked">Told when they have counted their stock, so that faults may begin.</param>
    /// <param name="begun">Completes when they begin.</param>
    private async Task<IReadOnlyCollection<HistoryLine>> Record(TaskCompletionSource stocked, Task<Task> begun)
    {
        if (drill.Traffic.Recorders == 0)
            return [];
        var run = new HistoryRun([.. stage.World.Plan.Nodes.Select(node => node.Url)], Shop.ApiKey, seed + 4, time);
        // The last look comes when everything is mended.
        return await run.Record(drill.Traffic.Recorders, drill.Duration, async () => await await begun, () =>
        {
            stocked.SetResult();
            return begun;
        });
    }

    private static double LoadAt(ImmutableArray<TimedStep> steps, TimeSpan at) =>
        steps.Where(step => at >= step.At && (step.Until is not { } until || at < until)).Aggregate(1.0, (load, step) => load * step.Fault.Load);

    /// <summary>The edges from the nearest on: those in the regions nearest to the customer, then those that stand nowhere.</summary>
    private IReadOnlyList<(string Edge, string Url)> Known(NearestRegion nearest, Customer customer)
    {
        var ranked = nearest.Ranked(customer).ToList();
        return [.. stage.World.Plan.Edges
            .OrderBy(edge => edge.Region is { } region ? ranked.IndexOf(region) : int.MaxValue)
            .Select(edge => (edge.Name, edge.Url))];
    }

    /// <summary>The edges whose addresses DNS gives a customer.</summary>
    private async ValueTask<IReadOnlyList<(string Edge, string Url)>> Found(Resolver resolver, Arrival arrival, long started, CancellationToken cancellation) =>
        [.. (await resolver.Resolve(arrival.Customer, arrival.IgnoresTtl, started, cancellation))
            .Select(address => stage.World.Plan.Edges.Single(edge => edge.Address == $"{address}")).Select(edge => (edge.Name, edge.Url))];

    private Resolver NewResolver() =>
        new([.. stage.World.Plan.Edges.Select(edge => new IPEndPoint(IPAddress.Parse(edge.Address), edge.DnsPort!.Value))], EdgeConfigurationText.ShopName, seed + 3, time);

    private async Task Happen(TimedStep step, long started, CancellationTokenSource stopping)
    {
        await Until(step.At, started, stopping.Token);
        var span = new FaultSpan(step.Fault.Kind, [.. step.Fault.Targets], step.Fault.Text, time.GetElapsedTime(started), null);
        if (await step.Fault.Begin(stage.Scene, stopping.Token) is { } failure)
            await Abort($"{step.Fault.Text} could not happen: {failure}", stopping);
        if (step.Fault.EndsByItself)
        {
            Keep(span with { End = time.GetElapsedTime(started) });
            return;
        }
        if (step.Until is not { } until)
        {
            Keep(span);
            return;
        }
        await Until(until, started, stopping.Token);
        var failed = await step.Fault.End(stage.Scene, stopping.Token);
        Keep(span with { End = time.GetElapsedTime(started) });
        if (failed is not null)
            await Abort($"{step.Fault.Text} could not be mended: {failed}", stopping);
    }

    private void Keep(FaultSpan span)
    {
        lock (_faults)
            _faults.Add(span);
    }

    private async Task Until(TimeSpan at, long started, CancellationToken cancellation)
    {
        if (at - time.GetElapsedTime(started) is var early && early > TimeSpan.Zero)
            await Task.Delay(early, time, cancellation);
    }

    private async Task Abort(string why, CancellationTokenSource stopping)
    {
        _abortedBecause ??= why;
        await stopping.CancelAsync();
    }

    /// <summary>Tells how it goes, and gives the drill up when too little goes well.</summary>
    private async Task Guard(Crowd crowd, Task customers, long started, CancellationTokenSource stopping, Action<string> progress)
    {
        while (!customers.IsCompleted)
        {
            var now = time.GetElapsedTime(started);
            var samples = crowd.Samples;
            progress($"{now.TotalSeconds:0} s of {drill.Duration.TotalSeconds:0}, {samples.Count} customers, {samples.Count(sample => !sample.Well)} of them in vain");
            if (drill.Abort is { } rule && samples.Where(sample => sample.Ended > now - rule.Over).ToList() is { Count: >= FewestToAbort } recent
                && now > rule.Over && recent.Count(sample => sample.Well) < rule.Availability * recent.Count)
                await Abort($"of the requests of the last {rule.Over.TotalSeconds:0.#} s only {recent.Count(sample => sample.Well)} of {recent.Count} went well", stopping);
            await Task.WhenAny(customers, Task.Delay(Pause, time));
        }
    }

    /// <summary>Fewer requests than this say too little to give up on.</summary>
    private const int FewestToAbort = 10;
}
