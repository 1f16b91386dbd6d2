using System.Net;
using Hanzo.Commerce.Node.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Commerce.Node.Tests.Serving;

public sealed class HealthEndpointsTests : IAsyncLifetime
{
    private readonly RunningNode _node = new();

    public Task InitializeAsync() => _node.InitializeAsync();

    public Task DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_running_node_is_ready_for_every_class_of_state()
    {
        var response = await _node.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"status":"ready","serves":["read","local-write","consensus"]}""", await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_draining_node_is_alive_says_no_to_probes_and_still_serves()
    {
        _node.Services.GetRequiredService<Readiness>().Drain();

        var readiness = await _node.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Equal("down", readiness.Headers.GetValues("Hanzo-Health").Single());
        Assert.Equal("""{"status":"draining","serves":[]}""", await readiness.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await _node.Client.GetAsync("/livez")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _node.Client.GetAsync("/v1/products")).StatusCode);
    }
}
