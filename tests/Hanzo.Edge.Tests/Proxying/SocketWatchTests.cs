using Hanzo.Sockets;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class SocketWatchTests
{
    [Fact]
    public async Task A_running_edge_shows_how_soon_its_sockets_are_served()
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("ok"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));

        await Eventually.Holds("beats counted", async () =>
        {
            var page = await edge.Client.GetStringAsync(new Uri(edge.Host.Admin, "/metrics"));
            var count = page.Split('\n').Single(line => line.StartsWith("hanzo_edge_socket_delay_seconds_count ", StringComparison.Ordinal));
            return int.Parse(count.Split(' ')[1]) >= 2;
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_thread_does_first_is_what_a_beat_measures(bool ofLoop)
    {
        var time = new TimeOfAThread(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), await (ofLoop ? SocketWatch.BeatLoopAsync(time, CancellationToken.None) : SocketWatch.BeatAsync(time, CancellationToken.None)));
    }

    // Between sending and being served this much goes by.
    private sealed class TimeOfAThread(TimeSpan busy) : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => looks++ * busy.Ticks;
    }
}
