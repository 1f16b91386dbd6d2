using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Discovery;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`discovery`: how the names of endpoints are looked up.</summary>
internal static class DiscoverySection
{
    private static readonly DiscoveryOptions Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<ImmutableArray<Located<IPEndPoint>>> Resolvers = Keys.Optional("resolvers", new ListShape<IPEndPoint>(NetworkScalars.ListenAddress), [], "Resolvers to ask, in this order; the system's where it is not given.");
    private static readonly Key<TimeSpan> Timeout = Keys.Optional("timeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), Defaults.Timeout, "Time one question may take.");
    private static readonly Key<TimeSpan> MinTtl = Keys.Optional("minTtl", Scalars.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), Defaults.MinTtl, "The shortest time an answer is kept, whatever its TTL says.");
    private static readonly Key<TimeSpan> MaxTtl = Keys.Optional("maxTtl", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)), Defaults.MaxTtl, "The longest time an answer is kept, whatever its TTL says; not shorter than `minTtl`.");
    private static readonly Key<TimeSpan> StaleFor = Keys.Optional("staleFor", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromDays(7)), Defaults.StaleFor, "How long the last good answer serves on when resolvers fail, or say that the name or its records are gone.");

    /// <summary>The section.</summary>
    public static Shape<DiscoveryOptions> Shape { get; } = Keys.Builds(values =>
    {
        if (values.Get(MaxTtl) < values.Get(MinTtl))
            values.Error(values.Has(MaxTtl) ? MaxTtl : MinTtl, $"the longest TTL ({Scalars.ShowDuration(values.Get(MaxTtl))}) is shorter than the shortest ({Scalars.ShowDuration(values.Get(MinTtl))})", $"maxTtl: {Scalars.ShowDuration(values.Get(MinTtl))} or more");
        return new DiscoveryOptions
        {
            Resolvers = [.. values.Get(Resolvers).Select(resolver => resolver.Value)],
            Timeout = values.Get(Timeout),
            MinTtl = values.Get(MinTtl),
            MaxTtl = values.Get(MaxTtl),
            StaleFor = values.Get(StaleFor),
        };
    });
}
