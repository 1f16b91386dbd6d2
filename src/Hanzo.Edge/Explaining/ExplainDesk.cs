using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying;

namespace Hanzo.Edge.Explaining;

/// <summary>Where explanations are asked for: answers for the snapshot that requests read at the moment.</summary>
internal sealed class ExplainDesk(Func<EdgeSnapshot> current, Func<string, RouteLeader>? leaders = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim matching = new(1);
    private RouteFinder? finder;

    /// <summary>An explainer over the current snapshot and the route that <paramref name="question"/> takes, or null with the reason.</summary>
    public async Task<((Explainer Explainer, EdgeRoute Route)? Answer, string? Wrong)> AskAsync(ExplainQuestion question, CancellationToken cancellation)
    {
        var snapshot = current();
        if (WhatIf.Apply(snapshot, question.WhatIf, out var wrong) is not { } supposed) return (null, wrong);
        var route = question.IsOpen ? snapshot.Configuration.Routes.FirstOrDefault() : await RouteAsync(snapshot.Configuration, question, cancellation);
        return route is null ? (null, $"No route matches {question}.") : ((new Explainer(supposed, leaders), route), null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        matching.Dispose();
        if (finder is not null) await finder.DisposeAsync();
    }

    private async Task<EdgeRoute?> RouteAsync(EdgeConfiguration configuration, ExplainQuestion question, CancellationToken cancellation)
    {
        await matching.WaitAsync(cancellation);
        try
        {
            if (finder is null || !ReferenceEquals(finder.Configuration, configuration))
            {
                if (finder is not null) await finder.DisposeAsync();
                finder = new RouteFinder(configuration);
            }
            return await finder.FindAsync(question with { Path = question.Path ?? "/" });
        }
        finally
        {
            matching.Release();
        }
    }
}
