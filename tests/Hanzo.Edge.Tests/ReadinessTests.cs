using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Location;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests;

/// <summary>An edge on a clock that stands still: what it waits for is what is awaited here.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly WatchedClock clock = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IPEndPoint admin = new(IPAddress.Loopback, ReservedPorts.Take());
    private readonly HttpClient http = new();
    private readonly TcpListener silent = new(IPAddress.Loopback, 0);
    private EdgeHost? host;

    public Task InitializeAsync()
    {
        silent.Start(); // connections are taken by the kernel, and nobody ever answers
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await host!.StopAsync(new CancellationToken(canceled: true));
        await host.DisposeAsync();
        await services.DisposeAsync();
        silent.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task An_edge_is_ready_when_every_endpoint_was_probed_once()
    {
        await using var upstream = await Upstream.Start(_ => Task.CompletedTask);

        await Begin(upstream.Http1).WaitAsync(Eventually.Patience);

        Assert.Equal("ready\n", await Readyz());
    }

    [Fact]
    public async Task Where_one_never_answers_the_edge_waits_five_seconds_and_starts_with_what_it_knows()
    {
        await using var upstream = await Upstream.Start(_ => Task.CompletedTask);
        var starting = Begin(upstream.Http1, new Uri($"http://{silent.LocalEndpoint}"));
        await Eventually.Holds("it waits", () => clock.Waits.Contains(EdgeHost.FirstRoundLimit));

        clock.Advance(EdgeHost.FirstRoundLimit - TimeSpan.FromMilliseconds(1));
        Assert.Equal("not ready: starting\n", await Readyz());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await starting.WaitAsync(Eventually.Patience);

        Assert.Equal("ready\n", await Readyz());
    }

    private Task Begin(Uri one, Uri? other = null)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        var board = new HealthBoard(clock, new Random(1), meters, NullLogger<HealthBoard>.Instance);
        var configuration = RunningEdge.Configured(RunningEdge.Topology(one, other ?? one)) with
        {
            Admin = admin,
            Health = new HealthOptions { Probe = new ProbeOptions { Interval = TimeSpan.FromHours(1), FastInterval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromHours(1) } },
        };
        host = new EdgeHost(new EdgeState(board, meters, clock, seed: 1), configuration, new PlaceTable(), NullLogger<EdgeHost>.Instance);
        return host.StartAsync(CancellationToken.None);
    }

    private async Task<string> Readyz()
    {
        using var response = await http.GetAsync(new Uri($"http://{admin}/readyz"));
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class WatchedClock : FakeTimeProvider
    {
        private readonly ConcurrentBag<TimeSpan> waits = [];

        public IEnumerable<TimeSpan> Waits => waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            waits.Add(dueTime);
            return timer;
        }
    }
}
