using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>An edge that sends everything to one raw endpoint, each request once, whatever became of those before it.</summary>
public sealed class EdgeBeforeRawEndpoint : IAsyncLifetime
{
    private RunningEdge? edge;

    internal RawEndpoint Endpoint { get; } = new();

    internal RunningEdge Edge => edge!;

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

    /// <summary>Has every request answered by <paramref name="words"/> and the connection kept, or closed.</summary>
    internal void Answers(string words, bool closes = false) => Endpoint.Answer = async request =>
    {
        await request.SendAsync(words);
        if (closes) request.Close();
    };
}
