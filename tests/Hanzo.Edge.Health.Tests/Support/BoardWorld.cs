using System.Diagnostics.Metrics;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Health.Tests.Support;

/// <summary>A board on a clock that a test moves. Everything runs on the test's own thread, in the order of time.</summary>
internal sealed class BoardWorld : IAsyncDisposable
{
    private readonly TestMeters meters = new();

    public BoardWorld(int seed = 1, OverrideStore? store = null)
    {
        Prober = new ScriptedProber(Clock);
        Board = new HealthBoard(Clock, new Random(seed), Prober, meters, Log, store);
        Board.Published += Snapshots.Add;
    }

    public FakeTimeProvider Clock { get; } = new();

    public ScriptedProber Prober { get; }

    public HealthBoard Board { get; }

    /// <summary>The newest snapshot; only after the first Apply.</summary>
    public HealthSnapshot Now => Board.Current!;

    public ListLog<HealthBoard> Log { get; } = new();

    public List<HealthSnapshot> Snapshots { get; } = [];

    public static ProbeOptions Options { get; } = new()
    {
        Interval = TimeSpan.FromSeconds(1), FastInterval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(500), Jitter = 0, Fall = 3, Rise = 2, Forgive = 1,
    };

    public HealthSnapshot Apply(Topology topology, ProbeOptions? options = null) => OnThisThread(() => Board.Apply(topology, options ?? Options));

    public HealthSnapshot Apply(Topology topology, HealthOptions options) => OnThisThread(() => Board.Apply(topology, options));

    /// <summary>Tells the board how a request ended, as <see cref="HealthBoard.Report"/>.</summary>
    public void Report(Topology topology, int region, int endpoint, RequestOutcome outcome, long sent = 0) =>
        OnThisThread(() => { Board.Report(topology, region, endpoint, outcome, sent); return 0; });

    /// <summary>Lets time pass in small steps.</summary>
    public void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(10);
        for (var passed = TimeSpan.Zero; passed < time; passed += step) OnThisThread(() => { Clock.Advance(step); return 0; });
    }

    public void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass until <paramref name="count"/> more probes of <paramref name="endpoint"/> were started.</summary>
    public void PassProbes(string endpoint, int count)
    {
        for (var goal = Prober.TimesOf(endpoint).Length + count; Prober.TimesOf(endpoint).Length < goal;) PassSeconds(0.01);
    }

    /// <summary>The sum of a counter over the measurements whose tags hold all of <paramref name="tags"/>.</summary>
    public double Counted(string instrument, params string[] tags) => meters.Sum(instrument, tags);

    /// <summary>What an observable instrument reads now, one entry a set of tags.</summary>
    public IReadOnlyDictionary<string, double> Read(string instrument) => meters.Read(instrument);

    public async ValueTask DisposeAsync()
    {
        await Board.DisposeAsync();
        meters.Dispose();
    }

    /// <summary>Runs without the test framework's synchronization context, so that continuations run inside the call that completes them.</summary>
    private static T OnThisThread<T>(Func<T> action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
