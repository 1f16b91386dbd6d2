using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>An edge that sends everything to one raw endpoint, each request once, whatever became of those before it.</summary>
public sealed class EdgeBeforeRawEndpoint : IAsyncLifetime, IAsyncDisposable
{
    private RunningEdge? edge;

    internal RawEndpoint Endpoint { get; } = new();

    internal RunningEdge Edge => edge!;

    /// <summary>One of its own, for a test that must know every connection.</summary>
    internal static async Task<EdgeBeforeRawEndpoint> Start()
    {
        var fresh = new EdgeBeforeRawEndpoint();
        await fresh.InitializeAsync();
        return fresh;
    }

    public async Task InitializeAsync()
    {
        var configuration = RunningEdge.Configured(RunningEdge.Topology(Endpoint.Address, Endpoint.Address), RunningEdge.Route() with { Attempts = RunningEdge.Patient with { Most = 1 } });
        edge = await RunningEdge.Start(configuration with { Health = configuration.Health with { Passive = new PassiveOptions { Consecutive = 0, FailureShare = 0 } } });
    }

    public async Task DisposeAsync()
    {
        await Edge.DisposeAsync();
        await Endpoint.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    /// <summary>Has every request answered by <paramref name="words"/> and the connection kept, or closed.</summary>
    internal void Answers(string words, bool closes = false) => Endpoint.Answer = async request =>
    {
        await request.SendAsync(words);
        if (closes) request.Close();
    };
}
