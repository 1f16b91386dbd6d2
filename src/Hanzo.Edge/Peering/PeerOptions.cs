using System.Collections.Immutable;
using System.Net;

namespace Hanzo.Edge.Peering;

/// <summary>The other edges that look at the same regions from elsewhere.</summary>
internal sealed record PeerOptions
{
    /// <summary>Where this edge hears the others. Read at start.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The key that all of them share; at least 16 bytes.</summary>
    public required string Key { get; init; }

    /// <summary>How often each tells the others what it sees. 100 ms to 1 min; default 1 s.</summary>
    public TimeSpan Exchange { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The others: edge name → where it listens.</summary>
    public required ImmutableDictionary<string, Uri> Members { get; init; }

    /// <inheritdoc/>
    public bool Equals(PeerOptions? other) =>
        other is not null && Listen.Equals(other.Listen) && Key == other.Key && Exchange == other.Exchange
        && Members.Count == other.Members.Count && Members.All(member => other.Members.TryGetValue(member.Key, out var address) && address == member.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Listen, Key, Exchange, Members.Count);
}
