using System.Collections.Immutable;
using System.Net;

namespace Hanzo.Edge.Discovery;

/// <summary>How names are looked up.</summary>
internal sealed record DiscoveryOptions
{
    /// <summary>Whom to ask, or none for the system's resolvers.</summary>
    public ImmutableArray<IPEndPoint> Resolvers { get; init; } = [];

    /// <summary>Time one lookup may take. 10 ms to 1 min; default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time an answer is kept, whatever its TTL says. 100 ms to 1 h; default 1 s.</summary>
    public TimeSpan MinTtl { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time an answer is kept, whatever its TTL says. 1 s to 24 h; default 5 min.</summary>
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the last good answer serves on when resolvers fail or say that there is nothing. 0 to 7 d; default 1 h.</summary>
    public TimeSpan StaleFor { get; init; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public bool Equals(DiscoveryOptions? other) =>
        other is not null && Resolvers.SequenceEqual(other.Resolvers)
        && (Timeout, MinTtl, MaxTtl, StaleFor) == (other.Timeout, other.MinTtl, other.MaxTtl, other.StaleFor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Resolvers.Length, Timeout, MinTtl, MaxTtl, StaleFor);
}
