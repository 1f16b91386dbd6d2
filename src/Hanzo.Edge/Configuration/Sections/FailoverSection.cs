using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>What a configuration promises of its failovers.</summary>
/// <param name="Requests">From the first failed attempt of a request to the next candidate, or null for no promise.</param>
/// <param name="Dns">From the death of a region to the last answer with its address running out, or null for no promise.</param>
internal sealed record FailoverBounds(TimeSpan? Requests, TimeSpan? Dns)
{
    /// <summary>No promise.</summary>
    public static FailoverBounds None { get; } = new(null, null);
}

/// <summary>`failover`: how long a failover may take.</summary>
internal static class FailoverSection
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly Section Keys = new();
    private static readonly Key<TimeSpan?> Requests = Keys.OptionalValue("requests", Scalars.Duration(TimeSpan.FromMilliseconds(10), Longest), "From a request's first attempt to its next candidate, at worst. Without it nothing is promised.");
    private static readonly Key<TimeSpan?> Dns = Keys.OptionalValue("dns", Scalars.Duration(TimeSpan.FromSeconds(1), Longest), "From the death of a region until no resolver may answer with its address, at worst. Without it nothing is promised.");

    /// <summary>The section.</summary>
    public static Shape<FailoverBounds> Shape { get; } = Keys.Builds(values => new FailoverBounds(values.Get(Requests), values.Get(Dns)));
}
