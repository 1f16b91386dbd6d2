using System.Collections.Concurrent;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>All endpoints that requests were sent to. An endpoint that is no longer configured stays as a name: its connections close by themselves.</summary>
internal sealed class UpstreamEndpoints(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, UpstreamEndpoint> endpoints = new(StringComparer.Ordinal);

    /// <summary>The endpoint at <paramref name="prefix"/>.</summary>
    public UpstreamEndpoint Of(string prefix) =>
        endpoints.TryGetValue(prefix, out var known) ? known : endpoints.GetOrAdd(prefix, new UpstreamEndpoint(prefix, time));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var endpoint in endpoints.Values) endpoint.Dispose();
    }
}
