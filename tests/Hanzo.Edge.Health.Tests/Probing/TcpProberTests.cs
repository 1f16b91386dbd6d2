using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class TcpProberTests
{
    private static readonly ProbeOptions tcp = new() { Kind = ProbeKind.Tcp };

    [Fact]
    public async Task A_listener_is_fit_whatever_it_would_answer_and_unfit_when_it_is_gone()
    {
        using var prober = new ProberByKind(TimeProvider.System);
        var server = new RawServer("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        var endpoint = Some.Endpoint("a", $"http://127.0.0.1:{server.Port}");

        var found = await prober.ProbeAsync(endpoint, tcp, CancellationToken.None);
        Assert.Equal(ProbeOutcome.Good(StateClasses.All), found with { RoundTrip = null });
        Assert.InRange(found.RoundTrip!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.Equal(ProbeResult.Status, (await prober.ProbeAsync(endpoint, new ProbeOptions(), CancellationToken.None)).Result);
        await server.DisposeAsync();
        Assert.Equal(ProbeResult.Connect, (await prober.ProbeAsync(endpoint, tcp, CancellationToken.None)).Result);
    }
}
